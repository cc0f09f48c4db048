package chase.daemon.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void withoutAnyGpuThatIsPrintedInsteadOfAnEmptyTable() {
    assertThat(StatusText.gpus(List.of())).startsWith("no GPU so far").doesNotContain("LIMIT W");
  }
}
