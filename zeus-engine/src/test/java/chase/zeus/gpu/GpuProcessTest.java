package chase.zeus.gpu;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuProcessTest {
  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void aPidThatNoProcessHasIsRefused(long pid) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GpuProcess(pid, Optional.empty()))
        .withMessage("no process has the id " + pid);
  }
}
