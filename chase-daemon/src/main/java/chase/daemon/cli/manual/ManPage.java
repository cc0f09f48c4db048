package chase.daemon.cli.manual;

import static chase.daemon.cli.manual.Manual.description;

import chase.daemon.text.Version;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Manual pages, as man(7) has them. */
final class ManPage {
  private final StringBuilder page = new StringBuilder();

  private ManPage() {}

  /** Such as {@code chase-jobs-end}, the page of {@code chase jobs end}. */
  static String name(CommandSpec command) {
    return command.qualifiedName("-");
  }

  static String of(CommandSpec command) {
    ManPage man = new ManPage();
    man.request(
        ".TH \"%s\" 1 \"\" \"chase %s\" \"Chase\""
            .formatted(name(command).toUpperCase(Locale.ROOT), Version.ofThisBuild()));
    man.section("NAME");
    man.line(name(command) + " - " + Manual.summary(command));
    man.section("SYNOPSIS");
    man.line(synopsis(command));
    man.section("DESCRIPTION");
    man.line(description(command));
    man.commands(command);
    man.arguments(command);
    man.options(command);
    String footer = String.join(" ", command.usageMessage().footer()).strip();
    if (!footer.isEmpty() && command.parent() != null) {
      man.request(".PP");
      man.line(footer);
    }
    man.section("EXIT STATUS");
    man.line("0 done, 1 failed, 2 wrong usage, 3 no daemon answers.");
    man.section("ENVIRONMENT");
    man.entry("CHASE_SOCKET", "The daemon's control socket, where --socket does not name it.");
    man.related(command);
    return man.page.toString();
  }

  private static String synopsis(CommandSpec command) {
    return command
        .commandLine()
        .getHelp()
        .synopsis(0)
        .lines()
        .map(String::strip)
        .map(line -> Ansi.OFF.string(line))
        .collect(Collectors.joining(" "));
  }

  private void commands(CommandSpec command) {
    if (!Manual.subcommands(command).isEmpty()) {
      section("COMMANDS");
      Manual.subcommands(command).forEach(sub -> entry(sub.name(), description(sub)));
    }
  }

  private void arguments(CommandSpec command) {
    if (!command.positionalParameters().isEmpty()) {
      section("ARGUMENTS");
      for (PositionalParamSpec argument : command.positionalParameters()) {
        entry(argument.paramLabel(), description(argument));
      }
    }
  }

  private void options(CommandSpec command) {
    section("OPTIONS");
    for (OptionSpec option : Manual.options(command)) {
      String value = Manual.takesValue(option) ? "=" + option.paramLabel() : "";
      entry(
          Arrays.stream(option.names()).map(name -> name + value).collect(Collectors.joining(", ")),
          description(option));
    }
  }

  private void related(CommandSpec command) {
    Stream<CommandSpec> parent = Stream.ofNullable(command.parent());
    Stream<String> pages =
        Stream.concat(parent, Manual.subcommands(command).stream())
            .map(related -> name(related) + "(1)");
    // Those two are made by systemd/manual.sh.
    Stream<String> others =
        command.parent() == null ? Stream.of("chase.yaml(5)", "chased.service(8)") : Stream.of();
    section("SEE ALSO");
    line(Stream.concat(pages, others).collect(Collectors.joining(", ")));
  }

  private void section(String title) {
    request(".SH " + title);
  }

  private void entry(String term, String text) {
    request(".TP");
    request("\\fB" + escaped(term) + "\\fR");
    line(text);
  }

  private void request(String text) {
    page.append(text).append('\n');
  }

  /** A line that begins with a dot or a quote would be a request. */
  private void line(String text) {
    page.append("\\&").append(escaped(text)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
  }
}
