package chase.daemon.cli.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Scripts that let a shell complete commands and options. */
enum Completion {
  BASH {
    @Override
    String script(CommandLine chase) {
      // It is read by a shell, never run.
      return inAscii(AutoComplete.bash("chase", chase)).replaceFirst("^#!.*\\R", "");
    }
  },
  ZSH {
    @Override
    String script(CommandLine chase) {
      return zsh(chase.getCommandSpec());
    }
  },
  FISH {
    @Override
    String script(CommandLine chase) {
      return fish(chase.getCommandSpec());
    }
  };

  /** The label of arguments that are a command of their own. */
  private static final String ANY_COMMAND = "COMMAND";

  /** The script for {@code chase}, which has all commands. */
  abstract String script(CommandLine chase);

  /** The shell as it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The library writes numbers with the digits of the country. */
  private static String inAscii(String script) {
    StringBuilder ascii = new StringBuilder();
    script
        .codePoints()
        .forEach(sign ->
            ascii.appendCodePoint(
                Character.isDigit(sign) ? '0' + Character.digit(sign, 10) : sign));
    return ascii.toString();
  }

  private static String fish(CommandSpec chase) {
    List<String> lines = new ArrayList<>();
    lines.add("# fish completion of chase; made by: chase completion fish");
    lines.add("complete -c chase -f");
    Manual.all(chase).forEach(command -> fish(lines, command));
    return String.join("\n", lines) + "\n";
  }

  private static void fish(List<String> lines, CommandSpec command) {
    String seen =
        path(command).stream()
            .map(name -> "__fish_seen_subcommand_from " + name)
            .collect(Collectors.joining("; and "));
    String among = names(command);
    String none =
        command.parent() == null
            ? "__fish_use_subcommand"
            : seen + "; and not __fish_seen_subcommand_from " + among;
    for (CommandSpec sub : Manual.subcommands(command)) {
      lines.add(
          "complete -c chase -n %s -a %s -d %s"
              .formatted(quoted(none), sub.name(), quoted(Manual.summary(sub))));
    }
    String here = command.parent() == null || among.isEmpty() ? seen : none;
    for (OptionSpec option : Manual.options(command)) {
      lines.add(
          "complete -c chase%s%s%s -d %s"
              .formatted(
                  here.isEmpty() ? "" : " -n " + quoted(here),
                  fishNames(option),
                  fishValue(option),
                  quoted(Manual.description(option))));
    }
    command
        .positionalParameters()
        .forEach(argument -> {
          String known = candidates(argument, "-a '", " ", "'");
          if (!known.isEmpty()) {
            lines.add("complete -c chase -n %s %s".formatted(quoted(seen), known));
          }
        });
    command.positionalParameters().stream()
        .filter(argument -> argument.paramLabel().equals(ANY_COMMAND) || Manual.isFile(argument))
        .forEach(argument ->
            lines.add(
                "complete -c chase -n %s %s"
                    .formatted(
                        quoted(seen),
                        Manual.isFile(argument) ? "-F" : "-a '(__fish_complete_subcommand)'")));
  }

  private static String fishNames(OptionSpec option) {
    return Stream.of(option.names())
        .map(
            name -> name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1))
        .collect(Collectors.joining());
  }

  private static String fishValue(OptionSpec option) {
    if (!Manual.takesValue(option)) {
      return "";
    }
    return Manual.isFile(option) ? " -r -F" : " -x" + candidates(option, " -a '", " ", "'");
  }

  private static String candidates(ArgSpec arg, String before, String between, String after) {
    Iterable<String> known = arg.completionCandidates();
    return known == null || !known.iterator().hasNext()
        ? ""
        : before + String.join(between, known) + after;
  }

  private static String zsh(CommandSpec chase) {
    List<String> lines = new ArrayList<>();
    lines.add("#compdef chase");
    lines.add("# zsh completion of chase; made by: chase completion zsh");
    Manual.all(chase).forEach(command -> zsh(lines, command));
    lines.add(
        "if [ \"$funcstack[1]\" = _chase ]; then _chase \"$@\"; else compdef _chase chase; fi");
    return String.join("\n", lines) + "\n";
  }

  private static void zsh(List<String> lines, CommandSpec command) {
    List<CommandSpec> subs = Manual.subcommands(command);
    lines.add("_" + command.qualifiedName("_").replace('-', '_') + "() {");
    if (!subs.isEmpty()) {
      lines.add("  local -a commands=(");
      subs.forEach(sub -> lines.add("    " + quoted(sub.name() + ":" + Manual.summary(sub))));
      lines.add("  )");
    }
    lines.add("  _arguments -s \\");
    for (OptionSpec option : Manual.options(command)) {
      for (String name : option.names()) {
        lines.add("    " + quoted(zshOption(option, name)) + " \\");
      }
    }
    if (!subs.isEmpty()) {
      lines.add("    '1:command:->command' '*::argument:->argument'");
      lines.add("  case $state in");
      lines.add("    command) _describe command commands ;;");
      lines.add("    argument)");
      lines.add("      case $words[1] in");
      subs.forEach(sub ->
          lines.add(
              "        %s) _%s ;;"
                  .formatted(sub.name(), sub.qualifiedName("_").replace('-', '_'))));
      lines.add("      esac ;;");
      lines.add("  esac");
    } else if (command.positionalParameters().stream()
        .anyMatch(argument -> argument.paramLabel().equals(ANY_COMMAND))) {
      lines.add("    '*::command:_normal'");
    } else if (command.positionalParameters().stream().anyMatch(Manual::isFile)) {
      lines.add("    '*:file:_files'");
    } else {
      String known =
          command.positionalParameters().stream()
              .map(argument -> candidates(argument, "(", " ", ")"))
              .collect(Collectors.joining());
      lines.add("    " + quoted("*:argument:" + known));
    }
    lines.add("}");
  }

  private static String zshOption(OptionSpec option, String name) {
    String text =
        Manual.description(option).replace("[", "(").replace("]", ")").replace(":", "\\:");
    if (!Manual.takesValue(option)) {
      return name + "[" + text + "]";
    }
    String action = Manual.isFile(option) ? "_files" : candidates(option, "(", " ", ")");
    return name
        + (name.startsWith("--") ? "=" : "")
        + "["
        + text
        + "]:"
        + option.paramLabel().replace(":", "\\:")
        + ":"
        + action;
  }

  /** The names from the first subcommand on. */
  private static List<String> path(CommandSpec command) {
    return List.of(command.qualifiedName(" ").split(" ", -1)).stream().skip(1).toList();
  }

  private static String names(CommandSpec command) {
    return Manual.subcommands(command).stream()
        .map(CommandSpec::name)
        .collect(Collectors.joining(" "));
  }

  /** For both shells: a quote ends the text, stands escaped, and begins it again. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
