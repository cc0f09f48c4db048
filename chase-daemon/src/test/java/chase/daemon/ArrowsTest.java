package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Repository;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds the arrows between the daemon's packages: the picture in architecture.md is the rule. */
@AnalyzeClasses(packages = "chase.daemon", importOptions = ArchitectureTest.MainCode.class)
class ArrowsTest {
  private static final String DAEMON = "chase.daemon";
  private static final Pattern PICTURE = Pattern.compile("(?s)```arrows\n(.*?)```");

  /** Such as {@code core gpu grid}; members divided by a bar do not know each other. */
  private static final Pattern ROW = Pattern.compile("\\w+ {2,}(\\w.*)");

  /** Such as {@code simulation -> text grid}: exactly these. */
  private static final Pattern ARROW = Pattern.compile("(\\S+) +-> +(\\w.*)");

  @ArchTest
  static void noPackageImportsAgainstTheArrows(JavaClasses classes) {
    Map<String, Set<String>> allowed = allowed();
    Set<String> violations = new TreeSet<>();
    for (JavaClass origin : classes) {
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        String from = name(origin);
        String to = name(dependency.getTargetClass());
        if (!to.isEmpty()
            && !from.equals(to)
            && !allowed.getOrDefault(from, Set.of()).contains(to)) {
          violations.add(from + " -> " + to + ": " + dependency.getDescription());
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  @ArchTest
  static void thePictureShowsEveryPackage(JavaClasses classes) {
    Set<String> packages = new TreeSet<>();
    classes.forEach(type -> packages.add(name(type)));
    assertThat(allowed().keySet()).containsExactlyInAnyOrderElementsOf(packages);
  }

  /** The package as the picture calls it; empty for one that is not the daemon's. */
  private static String name(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    if (name.equals(DAEMON)) {
      return "daemon";
    }
    return name.startsWith(DAEMON + ".") ? name.substring(DAEMON.length() + 1) : "";
  }

  /** For each package those that it may import. */
  private static Map<String, Set<String>> allowed() {
    Matcher picture =
        PICTURE.matcher(Repository.text(Repository.root().resolve("docs/architecture.md")));
    assertThat(picture.find()).as("a picture of the arrows").isTrue();
    Map<String, Set<String>> allowed = new LinkedHashMap<>();
    Set<String> below = new HashSet<>();
    for (String line : picture.group(1).lines().toList().reversed()) {
      Matcher arrow = ARROW.matcher(line);
      Matcher row = ROW.matcher(line);
      if (arrow.matches()) {
        allowed.put(arrow.group(1), Set.of(arrow.group(2).split(" +", -1)));
        below.add(arrow.group(1));
      } else if (row.matches()) {
        addRow(row.group(1), below, allowed);
      }
    }
    return allowed;
  }

  private static void addRow(String row, Set<String> below, Map<String, Set<String>> allowed) {
    Set<String> lower = Set.copyOf(below);
    Set<String> left = new HashSet<>(lower);
    for (String member : row.split("[ |]+", -1)) {
      allowed.put(member, row.contains("|") ? lower : Set.copyOf(left));
      left.add(member);
      below.add(member);
    }
  }
}
