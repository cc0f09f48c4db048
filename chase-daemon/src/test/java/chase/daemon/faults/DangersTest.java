package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's list of dangers names tests that exist, and the installer knows the twelfth. */
class DangersTest {
  private static final int DANGERS = 16;
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|.*$");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)#(\\w+)`");

  private final Path root = Repository.root();

  @Test
  void everyDangerHasATestThatExists() {
    String page = Repository.text(root.resolve("docs/faults.md"));
    String dangers =
        page.substring(page.indexOf("<!-- dangers -->"), page.indexOf("<!-- /dangers -->"));
    List<String> rows = ROW.matcher(dangers).results().map(row -> row.group()).toList();
    assertThat(rows).hasSize(DANGERS);
    assertThat(rows).allMatch(row -> TEST.matcher(row).find());
    assertThat(TEST.matcher(page).results())
        .allSatisfy(
            test -> assertThat(exists(test.group(1), test.group(2))).as(test.group()).isTrue());
  }

  private static boolean exists(String type, String method) {
    return Repository.javaFiles().stream()
        .filter(file -> file.endsWith(type + ".java"))
        .anyMatch(file -> Repository.text(file).contains("void " + method + "("));
  }

  @Test
  void containersThatUseGpusAreFoundBeforeSystemdIsReloaded(@TempDir Path proc) throws Exception {
    process(proc, "17", "0::/system.slice/docker-4f.scope", "/dev/nvidia0");
    process(proc, "18", "0::/system.slice/docker-4f.scope", "/dev/null");
    process(proc, "19", "0::/user.slice", "/dev/nvidia0");
    String script = Repository.text(root.resolve("systemd/host.sh"));
    int start = script.indexOf("gpu_containers() {");
    String function = script.substring(start, script.indexOf("\n}\n", start) + 3);
    Process shell =
        new ProcessBuilder("sh", "-c", function + "gpu_containers \"$1\"", "sh", proc.toString())
            .redirectErrorStream(true)
            .start();
    byte[] printed = shell.getInputStream().readAllBytes();
    assertThat(new String(printed, StandardCharsets.UTF_8).lines()).containsExactly("17");
    assertThat(script).containsOnlyOnce("  systemctl daemon-reload\n");
  }

  private static void process(Path proc, String pid, String group, String device)
      throws IOException {
    Path fd = Files.createDirectories(proc.resolve(pid).resolve("fd"));
    Files.writeString(proc.resolve(pid).resolve("cgroup"), group + "\n");
    Files.createSymbolicLink(fd.resolve("5"), Path.of(device));
  }
}
