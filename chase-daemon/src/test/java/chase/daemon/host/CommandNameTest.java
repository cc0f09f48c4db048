package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandNameTest {
  @ParameterizedTest
  @CsvSource({
    "/opt/train --lr 0.1, train",
    "/usr/bin/python3.12 /home/ann/train.py --key s3cret, python3.12 train.py",
    "python -u -X dev train.py, python train.py",
    "python -m torch.distributed.run --nproc 8 train.py, python -m torch.distributed.run",
    "python -m, python",
    "python -c import_secret, python",
    "python, python",
    "pythonista train.py, pythonista"
  })
  void aCommandIsItsProgramAndItsScript(String line, String name) {
    assertThat(CommandName.of(List.of(line.split(" ", -1)))).contains(name);
  }

  @Test
  void aTitleThatAProcessGaveItselfIsKept() {
    assertThat(CommandName.of(List.of("ray::train a/b", ""))).contains("ray::train a/b");
  }

  @Test
  void aNameCannotFloodOrGarbleTheScreen() {
    assertThat(CommandName.of(List.of("x".repeat(5000))).orElseThrow()).hasSize(63).endsWith("...");
    assertThat(CommandName.of(List.of("a\n\u001b[31mb"))).contains("a??[31mb");
  }

  @Test
  void theKernelsOwnThreadsHaveNone() {
    assertThat(CommandName.of(List.of(""))).isEmpty();
    assertThat(CommandName.of(List.of())).isEmpty();
  }
}
