package chase.zeus.gpu.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.GpuException.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NvmlReturnTest {
  @ParameterizedTest
  @CsvSource({
    "1,REOPEN", "9,REOPEN", "18,REOPEN", "27,REOPEN", "15,LOST", "16,LOST", "28,LOST",
    "999,RETRY", "10,RETRY", "20,RETRY", "2,REFUSED", "3,REFUSED", "4,REFUSED", "13,REFUSED"
  })
  void aCodeRequiresAReaction(int code, Kind kind) {
    assertThat(NvmlReturn.kind(code)).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 13})
  void anAbsentCapabilityIsAFact(int code) {
    assertThat(NvmlReturn.isAbsent(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4, 10, 15, 21, 999})
  void otherCodesSayNothingAboutCapabilities(int code) {
    assertThat(NvmlReturn.isAbsent(code)).isFalse();
  }
}
