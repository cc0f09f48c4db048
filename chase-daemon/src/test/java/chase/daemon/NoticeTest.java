package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Repository;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What a release brings along may be given away under Chase's own licence. Whether a library's
 * authors offer the licence that stands in NOTICE is for {@code systemd/licences.py} to see.
 */
class NoticeTest {
  /** Those that ask for no more than their text and a name. */
  private static final Set<String> PERMISSIVE =
      Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause");

  private static final Pattern ENTRY = Pattern.compile("(?m)^(\\S+) {2,}(\\S+)$");
  private static final Pattern JAR = Pattern.compile("(?m)^(.+?)-\\d[^\\n]*\\.jar$");
  private static final Set<String> OURS = Set.of("carbon-providers", "zeus-engine");

  private static Map<String, String> notice() {
    Map<String, String> licences = new TreeMap<>();
    ENTRY
        .matcher(Repository.text(Repository.root().resolve("NOTICE")))
        .results()
        .filter(entry -> !entry.group(1).equals("Library"))
        .forEach(entry -> licences.put(entry.group(1), entry.group(2)));
    return licences;
  }

  @Test
  void everyPackedLibraryStandsInTheNotice() {
    String jars =
        Repository.text(
            Repository.root().resolve("chase-daemon/src/test/resources/packaged-jars.txt"));
    Set<String> packed =
        JAR.matcher(jars)
            .results()
            .map(jar -> jar.group(1))
            .filter(name -> !OURS.contains(name))
            .collect(Collectors.toSet());
    assertThat(packed).hasSizeGreaterThan(50);
    assertThat(notice().keySet()).containsExactlyInAnyOrderElementsOf(packed);
  }

  @Test
  void everyLicenceIsPermissive() {
    assertThat(notice())
        .allSatisfy((library, licence) -> assertThat(PERMISSIVE).as(library).contains(licence));
  }
}
