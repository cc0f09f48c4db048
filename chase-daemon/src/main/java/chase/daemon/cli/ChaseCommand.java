package chase.daemon.cli;

import chase.daemon.cli.manual.EnumNames;
import chase.daemon.cli.manual.UsageMistake;
import chase.daemon.cli.view.Terminal;
import chase.daemon.cli.view.Terminal.ColorWhen;
import chase.daemon.host.DefaultPaths;
import chase.daemon.text.Version;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The {@code chase} command. */
@Command(
    name = "chase",
    description = "Follows the grid with the power limits of this host's GPUs.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Tables fit the terminal, and 80 columns in a pipe ($COLUMNS says otherwise): cells",
      "that are too long are cut, then columns are left out from the right. Scripts",
      "ask for -o json, -o wide or the columns that they want, of which nothing is cut.",
      "Times are local.",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no daemon answers.",
    })
public final class ChaseCommand {
  @Option(
      names = "--socket",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:CHASE_SOCKET:-" + DefaultPaths.SOCKET + "}",
      description = "The daemon's control socket; $CHASE_SOCKET, else " + DefaultPaths.SOCKET + ".")
  private Path socket = Path.of(DefaultPaths.SOCKET);

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      converter = ColorWhenWord.class,
      description =
          "auto (on a terminal, unless NO_COLOR is set or TERM is dumb), always or never.")
  private ColorWhen color = ColorWhen.AUTO;

  private final Terminal terminal;

  private ChaseCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Reads {@code always}. */
  static final class ColorWhenWord implements ITypeConverter<ColorWhen> {
    @Override
    public ColorWhen convert(String word) {
      return EnumNames.parse(ColorWhen.values(), word);
    }
  }

  /** The same for a pipe, with times in UTC. */
  public static int run(String[] args, LocalActions actions, PrintWriter out, PrintWriter err) {
    return run(args, actions, Terminal.pipe(Clock.systemUTC()), out, err);
  }

  /**
   * Carries out one command line: 0 done, 1 failed, 2 wrong usage, 3 no daemon answers.
   *
   * @param terminal where the answer is read
   * @param out the answer
   * @param err one line when it cannot be done
   */
  public static int run(
      String[] args, LocalActions actions, Terminal terminal, PrintWriter out, PrintWriter err) {
    if (isUnitsOwn(args)) {
      return unitsDaemon(Path.of(args[2]), actions, err);
    }
    CommandLine chase = commandLine(new ChaseCommand(terminal), args, actions, out, err);
    if (args.length == 0) {
      chase.usage(out);
      return ExitCode.DONE;
    }
    int exitCode = chase.execute(args);
    out.flush();
    err.flush();
    return exitCode;
  }

  /** Whether {@code args} are those of {@code chased.service}, which need no parser. */
  private static boolean isUnitsOwn(String[] args) {
    return args.length == 3
        && args[0].equals("daemon")
        && args[1].equals("--config")
        && !args[2].startsWith("-");
  }

  /** A daemon that began with picocli would keep its 170 classes in memory for ever. */
  private static int unitsDaemon(Path config, LocalActions actions, PrintWriter err) {
    try {
      return actions.daemon(config, Optional.empty());
    } catch (RuntimeException e) {
      return failed(e, UnaryOperator.identity(), err);
    }
  }

  /** The socket that the command line of {@code command} names. */
  static Path socket(CommandSpec command) {
    return ((ChaseCommand) command.root().userObject()).socket;
  }

  /** Where the answer of {@code command} is read; a pipe where it is no part of ours. */
  public static Terminal terminal(CommandSpec command) {
    return command.root().userObject() instanceof ChaseCommand chase
        ? chase.terminal.with(chase.color)
        : Terminal.pipe(Clock.systemUTC());
  }

  private static CommandLine commandLine(
      ChaseCommand root, String[] args, LocalActions actions, PrintWriter out, PrintWriter err) {
    CommandLine chase = new CommandLine(root);
    chase.getCommandSpec().addOption(help()).addOption(version());
    chase.getCommandSpec().version("chase " + Version.ofThisBuild());
    Subcommands commands = new Subcommands();
    LocalCommands.addDaemons(commands, actions);
    StatusCommands.addTo(commands);
    ControlCommands.addTo(commands);
    LocalCommands.addOthers(commands, actions);
    commands.addTo(chase, args);
    return chase
        .setExpandAtFiles(false)
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(ChaseCommand::wrongUsage)
        .setExecutionExceptionHandler((failure, command, parsed) ->
            failed(failure, text -> UsageMistake.named(command.getCommandSpec(), text), err));
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .scopeType(ScopeType.INHERIT)
        .description("Show this and exit.")
        .build();
  }

  private static OptionSpec version() {
    return OptionSpec.builder("-V", "--version")
        .versionHelp(true)
        .description("Print the version and exit.")
        .build();
  }

  private static int wrongUsage(ParameterException mistake, String[] args) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("chase: " + UsageMistake.line(mistake));
    CommandSpec spec = command.getCommandSpec();
    err.println("Try '%s --help'.".formatted(spec.qualifiedName()));
    return ExitCode.WRONG_USAGE;
  }

  private static int failed(Exception failure, UnaryOperator<String> words, PrintWriter err) {
    return switch (failure) {
      case CommandException known -> {
        err.println("chase: " + words.apply(String.valueOf(known.getMessage())));
        yield known.exitCode();
      }
      default -> {
        err.println("chase: " + failure);
        yield ExitCode.FAILED;
      }
    };
  }

  /** The exit codes of all commands. */
  public static final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int UNREACHABLE = 3;

    private ExitCode() {}
  }

  /** A command that cannot be done; the message is the line that the user sees. */
  public static final class CommandException extends RuntimeException {
    private final int exitCode;
    private final Optional<String> error;

    /** One that ends the command with {@code exitCode}. */
    public CommandException(int exitCode, String message) {
      this(exitCode, Optional.empty(), message);
    }

    /** The same for what the daemon refuses as {@code error}. */
    CommandException(int exitCode, Optional<String> error, String message) {
      super(message);
      this.exitCode = exitCode;
      this.error = error;
    }

    /** The daemon's word for what was wrong with the request; empty where it did not refuse it. */
    Optional<String> error() {
      return error;
    }

    int exitCode() {
      return exitCode;
    }
  }

  /**
   * The commands of {@code chase}, each made only when it is needed: making one takes picocli a few
   * milliseconds, and a command line has one command.
   */
  static final class Subcommands {
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
}
