package chase.daemon.faults;

import chase.daemon.fixtures.Repository;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.spi.ToolProvider;

/**
 * Chase's command as a process of its own, with the small heap of {@code ./chase}. Where it is
 * started often, from jars and a cache of loaded classes, which halve what a start costs.
 */
final class DaemonImage {
  private static final String MAIN = "chase.daemon.Main";
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms8m",
          "-Xmn2m",
          "-Xmx64m",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=20",
          "-Xss512k",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=24m",
          "-XX:MaxMetaspaceSize=64m",
          "-XX:MaxDirectMemorySize=24m",
          "-XX:CompileThresholdScaling=10",
          "-Dvertx.disableDnsResolver=true",
          "-Dio.netty.jfr.enabled=false",
          "-Dio.netty.noUnsafe=false",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:TrimNativeHeapInterval=30000",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED");

  private static final List<String> PACKAGED =
      Repository.text(
              Repository.root().resolve("chase-daemon/src/test/resources/packaged-jars.txt"))
          .lines()
          .toList();

  private final String main;
  private final String classPath;
  private final List<String> options;

  private DaemonImage(String main, String classPath, List<String> options) {
    this.main = main;
    this.classPath = classPath;
    this.options = options;
  }

  /** The classes as the tests have them. */
  static DaemonImage ofTests() {
    return new DaemonImage(MAIN, System.getProperty("java.class.path"), List.of());
  }

  /** The same with another main class, which takes the same arguments. */
  static DaemonImage ofTests(String main) {
    return new DaemonImage(main, System.getProperty("java.class.path"), List.of());
  }

  /**
   * The same as jars in {@code folder}, which a cache of classes needs, without what only the tests
   * have: a class path costs descriptors.
   */
  static DaemonImage packed(Path folder) throws IOException {
    ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!isPackaged(entry)) {
        continue;
      }
      if (Files.isDirectory(Path.of(entry))) {
        String packed = folder.resolve(entries.size() + ".jar").toString();
        if (jar.run(System.out, System.err, "--create", "--file", packed, "-C", entry, ".") != 0) {
          throw new IOException("jar failed for " + entry);
        }
        entries.add(packed);
      } else if (Files.exists(Path.of(entry))) {
        entries.add(entry);
      }
    }
    return new DaemonImage(MAIN, String.join(File.pathSeparator, entries), List.of());
  }

  private static boolean isPackaged(String entry) {
    Path path = Path.of(entry);
    return Files.isDirectory(path)
        ? path.endsWith("target/classes")
        : PACKAGED.contains(String.valueOf(path.getFileName()));
  }

  /** Writes the cache when its process ends well. */
  DaemonImage recording(Path cache) {
    return new DaemonImage(main, classPath, List.of("-XX:AOTCacheOutput=" + cache));
  }

  /** Starts from the cache. */
  DaemonImage cached(Path cache) {
    return new DaemonImage(
        main, classPath, List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=auto", "-Xlog:disable"));
  }

  /**
   * Starts {@code chase} with {@code arguments}.
   *
   * @param environment what its environment has besides
   * @param log where all of its output is appended
   */
  Process start(Map<String, String> environment, Path log, String... arguments) throws IOException {
    return start(List.of(), environment, log, arguments);
  }

  /** The same through another program, such as {@code env}, which becomes Chase's process. */
  Process start(
      List<String> through, Map<String, String> environment, Path log, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(through);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(DaemonImage::isOurs);
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** What would change the process's behaviour, or print lines of its own. */
  private static boolean isOurs(String variable) {
    String name = variable.toUpperCase(Locale.ROOT);
    return name.equals("JAVA_TOOL_OPTIONS")
        || name.startsWith("CHASE_")
        || name.equals("NOTIFY_SOCKET");
  }
}
