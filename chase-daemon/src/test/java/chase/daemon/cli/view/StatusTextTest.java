package chase.daemon.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void withoutAnyGpuThatIsPrintedInsteadOfAnEmptyTable() {
    assertThat(GpuText.gpus(List.of(), TestLayouts.of(80)))
        .startsWith("no GPU so far")
        .doesNotContain("LIMIT W");
  }
}
