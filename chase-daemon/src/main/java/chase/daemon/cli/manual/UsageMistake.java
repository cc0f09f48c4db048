package chase.daemon.cli.manual;

import chase.daemon.text.Suggestions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A wrong command line in words. */
public final class UsageMistake {
  private static final Pattern CHOICE =
      Pattern.compile("expected one of \\[(.*)] \\(case-.*sensitive\\) but was '(.*)'");

  private static final Pattern FIELD = Pattern.compile("field '([a-z_]+)'");

  private static final Pattern PAIR =
      Pattern.compile("Value for .* should be in KEY=VALUE format but was (.*)");

  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

  private UsageMistake() {}

  /** One line that names what is wrong and, where that can be guessed, what was meant. */
  public static String line(ParameterException mistake) {
    CommandSpec command = mistake.getCommandLine().getCommandSpec();
    return switch (mistake) {
      case UnmatchedArgumentException unknown -> unknown(command, unknown);
      case MissingParameterException missing when !missing.getMissing().isEmpty() ->
          missing(command, missing.getMissing(), String.valueOf(missing.getMessage()));
      case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " stands there twice";
      case MutuallyExclusiveArgsException several ->
          exclusive(String.valueOf(several.getMessage()));
      default -> invalid(mistake);
    };
  }

  /** A refusal of the daemon's, whose field is called as the option that it came from. */
  public static String named(CommandSpec command, String refusal) {
    Matcher field = FIELD.matcher(refusal);
    if (!field.lookingAt()) {
      return refusal;
    }
    String option = "--" + field.group(1).replace('_', '-');
    return command.optionsMap().containsKey(option)
        ? option + refusal.substring(field.end())
        : refusal;
  }

  /** Picocli names the options in its own words only. */
  private static String exclusive(String message) {
    return OPTION
            .matcher(message)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.joining(" and "))
        + " exclude each other: leave one out";
  }

  private static String unknown(CommandSpec command, UnmatchedArgumentException mistake) {
    String word = mistake.getUnmatched().getFirst();
    if (word.startsWith("-")) {
      String option = word.split("=", 2)[0];
      return "%s has no option %s%s"
          .formatted(
              command.qualifiedName(),
              option,
              meant(option, command.optionsMap().keySet().stream()).orElse(""));
    }
    if (command.subcommands().isEmpty() || !command.positionalParameters().isEmpty()) {
      String takes =
          command.positionalParameters().isEmpty()
              ? "takes no argument"
              : "takes no more arguments";
      return "%s %s: '%s'".formatted(command.qualifiedName(), takes, word);
    }
    return "%s has no command '%s'%s"
        .formatted(
            command.qualifiedName(),
            word,
            meant(word, command.subcommands().keySet().stream())
                .orElse(command.parent() == null ? "" : "; it has " + commands(command)));
  }

  private static String commands(CommandSpec command) {
    return String.join(", ", command.subcommands().keySet());
  }

  private static Optional<String> meant(String word, Stream<String> known) {
    return Suggestions.nearest(word, known.toList()).map(near -> "; did you mean '" + near + "'?");
  }

  private static String missing(CommandSpec command, List<ArgSpec> args, String message) {
    ArgSpec first = args.getFirst();
    return first instanceof OptionSpec option
            && !option.required()
            && message.contains("parameter for option")
        ? "%s needs %s".formatted(option.longestName(), option.paramLabel())
        : "%s needs %s"
            .formatted(
                command.qualifiedName(),
                args.stream().map(UsageMistake::usage).collect(Collectors.joining(" and ")));
  }

  private static String usage(ArgSpec arg) {
    return arg instanceof OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : arg.paramLabel();
  }

  private static String name(ArgSpec arg) {
    return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
  }

  /** Without picocli's words around what a converter said. */
  private static String invalid(ParameterException mistake) {
    String message = String.valueOf(mistake.getMessage());
    ArgSpec arg = mistake.getArgSpec();
    Matcher pair = PAIR.matcher(message);
    if (arg != null && pair.matches()) {
      return "%s: '%s' is not %s".formatted(name(arg), pair.group(1), arg.paramLabel());
    }
    if (arg == null || !message.startsWith("Invalid value for ")) {
      return message;
    }
    String why = message.substring(message.indexOf(": ") + 2);
    Matcher choice = CHOICE.matcher(why);
    if (choice.matches()) {
      return "%s: '%s' is not one of %s"
          .formatted(name(arg), choice.group(2), choice.group(1).toLowerCase(Locale.ROOT));
    }
    return name(arg)
        + ": "
        + why.replaceFirst("is not an? (double|float)$", "is not a number")
            .replaceFirst("is not an? (int|long)$", "is not a whole number");
  }
}
