package chase.daemon.documents;

import chase.daemon.fixtures.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The programs of the documentation that its test does not run. Each says why, and what of a
 * command line is checked instead; every other program is run.
 */
enum StandIn {
  SUDO("needs rights that a test has no business with") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      List<String> command = words.stream().dropWhile(word -> word.startsWith("-")).toList();
      if (command.isEmpty()) {
        return Optional.of("sudo needs a command");
      }
      return command.getFirst().equals("chase")
          ? ChaseCall.fault(rest(command))
          : of(command.getFirst())
              .map(program -> program.fault(directory, rest(command)))
              .orElseGet(() -> missingFile(directory, command));
    }
  },
  /** What is changed by hand here: a policy, a bound, and a key that takes a restart. */
  SUDOEDIT("opens an editor; what it would change is changed") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      Path file = Path.of(words.getFirst());
      try {
        Files.writeString(
            file,
            text(file)
                .replace("policy: budget:0.03", "policy: budget:0.05")
                .replace("minimum-dwell: 0s", "minimum-dwell: 0s\n  floor-ratio: 0.5")
                .replaceFirst("port: \\d+", "port: 9479"));
        return Optional.empty();
      } catch (IOException e) {
        return Optional.of(e.toString());
      }
    }
  },
  APT_GET("changes the host's packages; the packages' own tests run it in a chroot") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      return unknown(words, Set.of("install", "update", "upgrade", "remove", "purge"));
    }
  },
  APT("as apt-get"),
  DPKG("as apt-get"),
  SYSTEMCTL("needs systemd as process 1") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      return unknown(
              words,
              Set.of(
                  "enable",
                  "disable",
                  "start",
                  "stop",
                  "restart",
                  "reload",
                  "status",
                  "edit",
                  "show",
                  "is-active",
                  "daemon-reload",
                  "cat"))
          .or(() -> otherUnit(words.stream().dropWhile(word -> word.startsWith("-")).skip(1)));
    }
  },
  SYSTEMD_ANALYZE("needs an installation; systemd/check.sh runs it"),
  JOURNALCTL("needs systemd's journal") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      return otherUnit(words.stream().dropWhile(word -> !word.equals("-u")).skip(1).limit(1));
    }
  },
  USERMOD("changes the host's users"),
  INSTALL("writes to the host's own folders"),
  MAN("shows pages that only an installed host has") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      return words.stream()
          .filter(page -> !page.startsWith("chase"))
          .findFirst()
          .map(page -> "no page of Chase: " + page);
    }
  },
  MVN("takes minutes; CI runs it") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      return words.stream()
          .flatMap(word -> PROFILE.matcher(word).results())
          .map(found -> found.group(1))
          .filter(profile ->
              POMS.stream()
                  .map(pom -> text(directory.resolve(pom)))
                  .noneMatch(pom -> pom.contains("<id>" + profile + "</id>")))
          .findFirst()
          .map(profile -> "no pom.xml has a profile " + profile);
    }
  },
  JAVA("runs what Maven built"),
  GIT("needs a network, or changes the tree"),
  PIP("needs a network, for what builds the package; CI runs it"),
  PYTHON("runs scripts of users, and of clients/python, whose own tests run them"),
  PYTHON3("as python"),
  TORCHRUN("runs scripts of users"),
  DOCKER("needs a container engine") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      return ChaseCall.faultInContainer(words);
    }
  },
  KUBECTL("needs a cluster; the manifests are checked against their schemas") {
    @Override
    Optional<String> fault(Path directory, List<String> words) {
      return IntStream.range(1, words.size())
          .filter(word -> List.of("-f", "-k").contains(words.get(word - 1)))
          .mapToObj(words::get)
          .flatMap(file -> missingFile(directory, List.of(file)).stream())
          .findFirst()
          .or(() -> ChaseCall.faultInContainer(words));
    }
  },
  HELM("needs a cluster"),
  SBATCH("needs Slurm"),
  SRUN("needs Slurm"),
  SCONTROL("needs Slurm"),
  PROMETHEUS("runs until it is stopped; MonitoringFilesTest checks its files"),
  NVIDIA_SMI("needs NVIDIA's driver"),
  OSV_SCANNER("needs a network and its database"),
  TRIVY("needs a network and its database"),
  SSH("needs another host");

  private static final Pattern PROFILE = Pattern.compile("^-P([\\w,-]+)$");
  private static final List<String> POMS = List.of("pom.xml", "chase-daemon/pom.xml");
  private static final Set<String> UNITS = Set.of("chased", "chased.service");

  /** Files of the source tree that a command names: with a slash or a usual ending. */
  private static final Pattern FILE =
      Pattern.compile("(?:.*=)?(\\.{0,2}[\\w.-]*(?:/[\\w.-]+)+|[\\w-]+\\.(?:yaml|yml|csv|py|sh))");

  private final String reason;

  StandIn(String reason) {
    this.reason = reason;
  }

  /** The stand-in for a program, if it is not run. */
  static Optional<StandIn> of(String program) {
    return Arrays.stream(values()).filter(known -> known.program().equals(program)).findFirst();
  }

  /** As it is called. */
  String program() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The same with why nobody noticed it by running the program. */
  Optional<String> explainedFault(Path directory, List<String> words) {
    return fault(directory, words)
        .map(why -> "%s is not run here (%s): %s".formatted(program(), reason, why));
  }

  /**
   * What is wrong with a command line.
   *
   * @param directory the working directory
   * @param words the arguments
   */
  Optional<String> fault(Path directory, List<String> words) {
    return missingFile(directory, words);
  }

  /** A file that is named and not there; what has been built, or is the host's own, is left out. */
  static Optional<String> missingFile(Path directory, List<String> words) {
    return words.stream()
        .map(FILE::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .filter(file -> !file.startsWith("/") && !file.contains("target/"))
        .filter(file -> !Files.exists(directory.resolve(file)))
        .findFirst()
        .map(file -> "no such file here: " + file);
  }

  private static Optional<String> unknown(List<String> words, Set<String> verbs) {
    return words.stream()
        .filter(word -> !word.startsWith("-"))
        .findFirst()
        .filter(verb -> !verbs.contains(verb))
        .map(verb -> "say how this is tried: " + verb);
  }

  private static Optional<String> otherUnit(Stream<String> units) {
    return units
        .filter(unit -> !unit.startsWith("-") && !UNITS.contains(unit))
        .findFirst()
        .map(unit -> "no unit of Chase: " + unit);
  }

  private static List<String> rest(List<String> words) {
    return words.subList(1, words.size());
  }

  private static String text(Path file) {
    return Repository.text(file);
  }

  /** The programs that are run as they are. */
  static Stream<String> run() {
    return Stream.of(
        "sh", "cat", "cp", "cut", "date", "env", "grep", "head", "jq", "ls", "mkdir", "mktemp",
        "openssl", "printf", "rm", "sed", "seq", "sort", "tail", "tee", "test", "tr", "true", "wc");
  }
}
