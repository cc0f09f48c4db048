package chase.zeus.gpu.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.fixtures.CompiledC;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load's calls, on a libcuda that refuses what CUDA would. */
class CudaLoadTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  @TempDir static Path directory;
  private static Path library;

  @BeforeAll
  static void build() throws Exception {
    Path source = directory.resolve("fake_cuda.c");
    library = directory.resolve("libcuda.so.1");
    try (InputStream text = CudaLoadTest.class.getResourceAsStream("/fake-cuda/fake_cuda.c")) {
      Files.write(source, Objects.requireNonNull(text).readAllBytes());
    }
    CompiledC.compile(source, library, List.of(), "-shared", "-fPIC");
  }

  @Test
  void itRunsOnTheGpuOfThatUuidWhateverItsNumber() {
    List<String> said = new ArrayList<>();
    CudaLoad.open(library.toString())
        .run("GPU-fa4e0000-0000-4000-8000-000000000001", SHORT, said::add);
    assertThat(said)
        .containsExactly(
            "load on GPU-fa4e0000-0000-4000-8000-000000000001: 12 blocks of 256 threads");
  }

  @Test
  void aGpuThatCudaDoesNotShowIsNamed() {
    CudaLoad load = CudaLoad.open(library.toString());
    assertThatThrownBy(() -> load.run("GPU-0", SHORT, said -> {}))
        .hasMessage("CUDA does not show GPU-0");
  }
}
