package chase.daemon.cli.manual;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The descriptions of commands and options, as plain text. */
final class Manual {
  /** What their values are called where they are files. */
  private static final List<String> FILES = List.of("FILE", "PATH", "DIRECTORY");

  private Manual() {}

  /** The commands below {@code command}, in their order, without hidden ones. */
  static List<CommandSpec> subcommands(CommandSpec command) {
    return command.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(sub -> !sub.usageMessage().hidden())
        .distinct()
        .toList();
  }

  /** The command and all below it. */
  static Stream<CommandSpec> all(CommandSpec command) {
    return Stream.concat(Stream.of(command), subcommands(command).stream().flatMap(Manual::all));
  }

  static List<OptionSpec> options(CommandSpec command) {
    return command.options().stream().filter(option -> !option.hidden()).toList();
  }

  /** The first sentence of its description. */
  static String summary(CommandSpec command) {
    String text = text(command.usageMessage().description());
    int end = text.indexOf(". ");
    return end < 0 ? text.replaceFirst("\\.$", "") : text.substring(0, end);
  }

  static String description(CommandSpec command) {
    return text(command.usageMessage().description());
  }

  static String description(ArgSpec arg) {
    return text(arg.description());
  }

  /** Lines as picocli prints them are formats, of which only these two marks are used. */
  private static String text(String[] lines) {
    return Stream.of(lines)
        .map(line -> line.replace("%%", "%").replace("%n", " "))
        .collect(Collectors.joining(" "))
        .strip();
  }

  /** Whether an option is followed by a value. */
  static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  static boolean isFile(ArgSpec arg) {
    return FILES.contains(arg.paramLabel());
  }
}
