package chase.daemon.documents;

import chase.daemon.fixtures.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param name its path from the repository's root
 * @param text all of it
 * @param blocks its blocks of code, in order
 */
record MarkdownPage(Path name, String text, List<Block> blocks) {
  /** Where no page of this repository lies, nor in a hidden folder. */
  private static final Set<String> ELSEWHERE = Set.of("target", "node_modules");

  private static final Pattern FENCE = Pattern.compile("( *)(```+|~~~+) *(\\S*).*");
  private static final Pattern ITEM = Pattern.compile("( *(?:[-*]|\\d+\\.) +)\\S.*");

  /** The language of a block without a fence, of which nobody knows what it is. */
  static final String INDENTED = "indented";

  /** How far an indented block stands in from the text around it. */
  private static final int INDENTATION = 4;

  /**
   * A block of code.
   *
   * @param page the page's name
   * @param line where its code begins, counted from 1
   * @param language the word behind the fence, which may be empty
   * @param code its lines, without their common indentation
   */
  record Block(Path page, int line, String language, String code) {
    /** Such as {@code docs/jobs.md:17}. */
    String place() {
      return page + ":" + line;
    }

    /** Whether a reader types its lines into a shell. */
    boolean isShell() {
      return Set.of("sh", "bash", "shell").contains(language);
    }

    /** Whether it shows commands, each behind a prompt, with what they print. */
    boolean isTranscript() {
      return language.equals("console");
    }
  }

  /** Every page of the repository, by name. */
  static List<MarkdownPage> all() {
    Path root = Repository.root();
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> isHere(root.relativize(file)))
          .sorted()
          .map(file -> parse(root.relativize(file), Repository.text(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isHere(Path file) {
    return Stream.iterate(file, path -> path != null, Path::getParent)
        .map(path -> String.valueOf(path.getFileName()))
        .noneMatch(name -> name.startsWith(".") || ELSEWHERE.contains(name));
  }

  /** Finds the blocks of a page. */
  static MarkdownPage parse(Path name, String text) {
    List<String> lines = text.lines().toList();
    List<Block> blocks = new ArrayList<>();
    int margin = 0; // of the text of the list item that a line belongs to
    boolean blankBefore = true;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher fence = FENCE.matcher(line);
      Matcher item = ITEM.matcher(line);
      int indentation = indentation(line);
      if (fence.matches()) {
        int end = i + 1;
        while (end < lines.size() && !lines.get(end).strip().equals(fence.group(2))) {
          end++;
        }
        blocks.add(block(name, i + 1, fence.group(3), lines.subList(i + 1, end)));
        i = end;
      } else if (blankBefore && !line.isBlank() && indentation >= margin + INDENTATION) {
        int end = i;
        while (end < lines.size()
            && (lines.get(end).isBlank() || indentation(lines.get(end)) >= margin + INDENTATION)) {
          end++;
        }
        blocks.add(block(name, i, INDENTED, lines.subList(i, end)));
        i = end - 1;
      } else if (item.matches()) {
        margin = item.group(1).length();
      } else if (!line.isBlank() && indentation < margin) {
        margin = 0;
      }
      blankBefore = lines.get(Math.min(i, lines.size() - 1)).isBlank();
    }
    return new MarkdownPage(name, text, blocks);
  }

  private static Block block(Path page, int lineBefore, String language, List<String> lines) {
    String code = String.join("\n", lines).stripIndent().stripTrailing() + "\n";
    return new Block(page, lineBefore + 1, language, code);
  }

  private static int indentation(String line) {
    return line.length() - line.stripLeading().length();
  }
}
