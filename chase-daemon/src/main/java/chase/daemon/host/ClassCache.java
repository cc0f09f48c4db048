package chase.daemon.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The JVM's cache of loaded and linked classes ({@code chase.aot}), which belongs to one JDK build
 * and one set of jars. A JVM that cannot use it says nothing and starts slower.
 *
 * @param state whether this process uses it
 * @param recipe how it is made
 */
public record ClassCache(CacheState state, String recipe) {
  private static final String OPTION = "-XX:AOTCache=";
  private static final Path SELF = Path.of("/proc/self");

  /** Whether it is of use. */
  public enum CacheState {
    IN_USE,
    ABSENT,
    VOID
  }

  /** That of the command that runs now; the daemon is started with the same. Blocks. */
  public static ClassCache ofThisProcess() {
    return of(SELF, Path.of(System.getProperty("java.class.path", "")));
  }

  /**
   * That of another process.
   *
   * @param process its folder under {@code /proc}
   * @param jar the jar that it runs
   */
  static ClassCache of(Path process, Path jar) {
    String recipe = recipe(jar.toAbsolutePath().resolveSibling("aot.sh"));
    Optional<String> cache =
        lines(process.resolve("cmdline"), "\0")
            .filter(argument -> argument.startsWith(OPTION))
            .map(argument -> argument.substring(OPTION.length()))
            .findFirst();
    if (cache.isEmpty()) {
      return new ClassCache(CacheState.ABSENT, recipe);
    }
    // The JVM maps the file that it uses.
    boolean used = lines(process.resolve("maps"), "\n").anyMatch(map -> map.endsWith(cache.get()));
    boolean fits = used && !isNewer(jar, Path.of(cache.get()));
    return new ClassCache(fits ? CacheState.IN_USE : CacheState.VOID, recipe);
  }

  /** Of a jar that came after it, the JVM takes nothing from the cache that it maps. */
  private static boolean isNewer(Path jar, Path cache) {
    try {
      return Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(cache)) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String recipe(Path installed) {
    return Files.exists(installed)
        ? "sudo %s /usr/bin/chase %s".formatted(installed, installed.resolveSibling("chase.aot"))
        : "systemd/aot.sh ./chase chase-daemon/target/chase.aot";
  }

  private static Stream<String> lines(Path file, String end) {
    try {
      return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split(end, -1)).stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
