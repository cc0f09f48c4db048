package chase.daemon.cli.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands about the commands; each needs all others beside it. */
public final class ManualCommands {
  private static final int DONE = 0;
  private static final int FAILED = 1;

  private ManualCommands() {}

  /** {@code chase help}. */
  @Command(name = "help", description = "Show what a command does, as its --help does.")
  public static final class HelpCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "The command; all by default.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() {
      CommandLine shown = spec.root().commandLine();
      for (String name : names) {
        CommandLine next = shown.getSubcommands().get(name);
        if (next == null) {
          throw new UnmatchedArgumentException(shown, List.of(name));
        }
        shown = next;
      }
      shown.usage(spec.commandLine().getOut());
      return DONE;
    }
  }

  /** {@code chase completion}. */
  @Command(
      name = "completion",
      description = "Print a script that lets a shell complete chase's commands and options.",
      footer = {
        "",
        "An installed Chase has them already. Elsewhere, for the shell that runs:",
        "  source <(chase completion bash)        or zsh",
        "  chase completion fish | source",
      })
  public static final class PrintCompletion implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    private Completion shell = Completion.BASH;

    @Override
    public Integer call() {
      spec.commandLine().getOut().print(shell.script(spec.root().commandLine()));
      spec.commandLine().getOut().flush();
      return DONE;
    }
  }

  /** {@code chase man}. */
  @Command(
      name = "man",
      description = "Print the manual page chase(1), or write all pages into a directory.")
  public static final class WriteManPages implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
        paramLabel = "DIRECTORY",
        arity = "0..1",
        description = "Where all pages are written to, such as /usr/share/man/man1.")
    private Optional<Path> directory = Optional.empty();

    @Override
    public Integer call() {
      if (directory.isEmpty()) {
        spec.commandLine().getOut().print(ManPage.of(spec.root()));
        spec.commandLine().getOut().flush();
        return DONE;
      }
      try {
        Files.createDirectories(directory.get());
        for (CommandSpec command : Manual.all(spec.root()).toList()) {
          Files.writeString(
              directory.get().resolve(ManPage.name(command) + ".1"), ManPage.of(command));
        }
        return DONE;
      } catch (IOException e) {
        spec.commandLine().getErr().println("chase: cannot write there: " + e.getMessage());
        return FAILED;
      }
    }
  }
}
