package chase.daemon.documents;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Repository;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link of the documentation leads somewhere. */
class DocumentedLinksTest {
  private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```|`[^`\n]*`");
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^()\\s]+)\\)|(?:src|srcset|href)=\"([^\"]+)\"");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");

  private final Path root = Repository.root();
  private final Map<Path, Set<String>> anchors = new HashMap<>();

  @Test
  void noLinkIsDead() {
    List<String> dead = new ArrayList<>();
    List<MarkdownPage> pages =
        Stream.concat(
                MarkdownPage.all().stream(), Stream.of("llms.txt").map(Path::of).map(this::parse))
            .toList();
    int links = 0;
    for (MarkdownPage page : pages) {
      for (String link : linksOf(page.text())) {
        fault(page.name(), link).ifPresent(why -> dead.add(page.name() + ": " + link + why));
        links++;
      }
    }
    assertThat(dead).isEmpty();
    assertThat(links).isGreaterThan(100);
  }

  private MarkdownPage parse(Path name) {
    return MarkdownPage.parse(name, Repository.text(root.resolve(name)));
  }

  private static List<String> linksOf(String text) {
    return LINK.matcher(CODE.matcher(text).replaceAll(""))
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .toList();
  }

  private Optional<String> fault(Path page, String link) {
    if (link.contains("://")) {
      return isWellFormed(link) ? Optional.empty() : Optional.of(": is no https address");
    }
    int mark = link.indexOf('#');
    String file = mark < 0 ? link : link.substring(0, mark);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    if (target.startsWith("..") || !Files.exists(root.resolve(target))) {
      return Optional.of(": there is no " + target);
    }
    return mark < 0 || anchorsOf(target).contains(link.substring(mark + 1))
        ? Optional.empty()
        : Optional.of(": no heading of " + target + " is called so");
  }

  private static boolean isWellFormed(String link) {
    try {
      URI address = URI.create(link);
      return "https".equals(address.getScheme()) && address.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** As GitHub and GitLab make them: letters, digits and hyphens; a repeated one has a number. */
  private Set<String> anchorsOf(Path page) {
    return anchors.computeIfAbsent(
        page,
        name -> {
          Set<String> found = new HashSet<>();
          String text = FENCED.matcher(Repository.text(root.resolve(name))).replaceAll("");
          HEADING
              .matcher(text)
              .results()
              .map(heading ->
                  heading
                      .group(1)
                      .strip()
                      .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                      .toLowerCase(Locale.ROOT)
                      .replaceAll("[^\\p{L}\\p{N} _-]", "")
                      .replace(' ', '-'))
              .forEach(anchor -> {
                int again = 1;
                String unique = anchor;
                while (!found.add(unique)) {
                  unique = anchor + "-" + again++;
                }
              });
          return found;
        });
  }
}
