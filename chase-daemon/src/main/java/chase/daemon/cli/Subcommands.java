package chase.daemon.cli;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The commands of {@code chase}, each made only when it is needed: making one takes picocli a few
 * milliseconds, and a command line has one command.
 */
final class Subcommands {
  private final Map<String, Supplier<?>> makers = new LinkedHashMap<>();
  private final Set<String> aboutOthers = new HashSet<>();

  /** Adds a command that is called by {@code name}; {@code maker} makes what picocli is given. */
  void add(String name, Supplier<?> maker) {
    makers.put(name, maker);
  }

  /** The same for a command that looks at all others. */
  void addAboutOthers(String name, Supplier<?> maker) {
    add(name, maker);
    aboutOthers.add(name);
  }

  /**
   * Gives {@code chase} the command that {@code args} begin with; all of them, in the order in
   * which they were added, where that is none of these: for the help, and for suggestions.
   */
  void addTo(CommandLine chase, String[] args) {
    @Nullable Supplier<?> wanted = args.length == 0 ? null : makers.get(args[0]);
    if (wanted == null || aboutOthers.contains(args[0])) {
      makers.forEach((name, maker) -> chase.addSubcommand(name, maker.get()));
    } else {
      chase.addSubcommand(args[0], wanted.get());
    }
  }
}
