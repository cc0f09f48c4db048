package chase.daemon.documents;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that a reader finds; all others are unknown. */
final class SearchPath {
  private SearchPath() {}

  /**
   * Fills {@code bin} and {@code jdk} of the directory: what is not run, {@code chase} and the
   * tree's own scripts become calls of the {@link CommandService} at {@code port}.
   *
   * @param chase what starts the command as a process of its own, for a daemon and a job
   */
  static void fill(Path directory, Path tree, String port, List<String> chase) throws IOException {
    String call =
        """
        #!/bin/sh
        code=$(%s -s "http://127.0.0.1:%s/$$") || exit 125
        exit "$code"
        """
            .formatted(program("curl").orElseThrow(), port);
    Path bin = directory.resolve("bin");
    for (String name : Stream.concat(StandIn.run(), Stream.of("curl")).toList()) {
      Optional<Path> found = program(name);
      if (found.isPresent()) {
        Files.createSymbolicLink(bin.resolve(name), found.get());
      }
    }
    for (StandIn program : StandIn.values()) {
      script(bin.resolve(program.program()), call);
    }
    script(bin.resolve("sleep"), call);
    script(Files.createDirectories(directory.resolve("jdk/bin")).resolve("java"), call);
    String process = String.join(" ", chase);
    for (Path script : List.of(bin.resolve("chase"), tree.resolve("chase"))) {
      String supervise = tree.resolve("chase-daemon/src/main/sh/supervise.sh").toString();
      script(
          script,
          """
          #!/bin/sh
          case ${1:-}${CHASE_RUN_STEP:-} in
            run) exec sh %s "$0" "$@" ;;
            daemon | run*) exec %s "$@" ;;
          esac
          """
                  .formatted(supervise, process)
              + call.replaceFirst("#!/bin/sh\n", ""));
    }
    for (String folder : List.of("bench", "systemd")) {
      try (Stream<Path> files = Files.list(tree.resolve(folder))) {
        for (Path file : files.filter(Files::isExecutable).filter(Files::isRegularFile).toList()) {
          script(file, call);
        }
      }
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether what every page needs is installed. */
  static boolean canRun() {
    return program("curl").isPresent() && program("jq").isPresent();
  }
}
