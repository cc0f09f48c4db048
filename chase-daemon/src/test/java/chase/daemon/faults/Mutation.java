package chase.daemon.faults;

import chase.daemon.fixtures.FileDamage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * What programs, people and attackers make of a text that was good. Random, but the same for the
 * same seed. It knows words, lines and brackets, and so makes sense of JSON, YAML, CSV and HTTP
 * alike; a property library would have to be taught each of them, and a coverage-guided fuzzer
 * takes minutes to learn one.
 */
final class Mutation {
  /** A quoted text, or a run of what stands between punctuation. */
  private static final Pattern WORD =
      Pattern.compile("\"[^\"\\n]{0,80}+\"|[^\\s,:{}\\[\\]\"'=&?;]{1,60}+");

  private static final List<String> WORDS =
      List.of(
          "0",
          "-0.0",
          "-1",
          "1",
          "1e-320",
          "4.9e-324",
          "1e300",
          "-1e308",
          "1e400",
          "1e999999999",
          "1e-999999999",
          "2147483647",
          "2147483648",
          "-2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "0x1p3",
          "0o17",
          "1_000",
          "1.5",
          "99999999999999999999999999999",
          "NaN",
          "Infinity",
          "-Infinity",
          ".nan",
          "null",
          "~",
          "true",
          "false",
          "yes",
          "[]",
          "{}",
          "[[1]]",
          "[null]",
          "{\"a\": 1}",
          "\"\"",
          "\" \"",
          "''",
          "\"NaN\"",
          "\"3%\"",
          "\"-5m\"",
          "1h",
          "0s",
          "106751991167300d",
          "9999999999999999999d",
          "P1Y",
          "soon",
          "max",
          "fixed:1",
          "budget:0.9999999999999999",
          "chase:0.5:1e-320",
          "zeus:NaN",
          "fixed:1e300",
          "\"1969-12-31T23:59:59Z\"",
          "2300-01-01T00:00Z",
          "2026-11-30T25:61:00Z",
          "\"+1000000000-12-31T23:59:59.999999999Z\"",
          "\"-1000000000-01-01T00:00:00Z\"",
          "2016-12-31T23:59:60Z",
          "\u202Eabc\u202C",
          "\u0000",
          "\u001B[31mred\u001B[0m",
          "a\rb",
          "\"line\\nbreak\"",
          "\"\\u0000\\u001b[2J\"",
          "\uD83D\uDE00",
          "\uD800",
          "\u0663",
          "\uFF11",
          "I\u0307",
          "%s%n%x",
          "%00",
          "%ff",
          "%zz",
          "../../../../etc/passwd",
          "/dev/zero",
          "${jndi:ldap://x/a}",
          "'; DROP TABLE job; --",
          "<script>alert(1)</script>",
          "!!javax.script.ScriptEngineManager []",
          "!!java.net.URL [\"http://127.0.0.1/\"]",
          "&a [*a]",
          "*a",
          "<<: *a",
          "|",
          ">",
          "- - - -",
          "? :",
          "%YAML 9.9",
          "---",
          "...",
          "{\"@class\": \"java.lang.Runtime\"}",
          "http://[::1",
          "http://user:secret@host/",
          "ftp://x",
          "file:///etc/passwd",
          "localhost",
          "0.0.0.0",
          "::",
          "65536",
          "GPU-",
          "all");

  /** Three lines whose meaning has a billion words. */
  private static final String LAUGHS =
      "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
          + "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c]\n"
          + "e: &e [*d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e]\n";

  private static final int MAX_DEPTH = 20_000;
  private static final int MAX_LENGTH = 200_000;

  private final RandomGenerator random;

  Mutation(RandomGenerator random) {
    this.random = random;
  }

  /** One to three changes of {@code text}. */
  byte[] of(byte[] text) {
    byte[] changed = text;
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      changed = once(changed);
    }
    return changed;
  }

  private byte[] once(byte[] text) {
    int kind = random.nextInt(20);
    if (kind < 3 && text.length > 0) {
      FileDamage[] damages = FileDamage.values();
      return damages[random.nextInt(damages.length)].of(text, random);
    }
    if (kind == 3) {
      return reencoded(new String(text, StandardCharsets.UTF_8));
    }
    return bytes(changed(kind, new String(text, StandardCharsets.UTF_8)));
  }

  /** The same for a text that stays a text. */
  String of(String text) {
    String changed = text;
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      changed = changed(4 + random.nextInt(16), changed);
    }
    return changed;
  }

  private String changed(int kind, String text) {
    return switch (kind) {
      case 4, 5, 6, 7, 8, 9 -> withWord(text, word());
      case 10 -> withWord(text, aWordOf(text));
      case 11 -> withWord(text, nested());
      case 12 -> withWord(text, "\"" + "x".repeat(length()) + "\"");
      case 13 -> insert(text, run());
      case 14 -> insert(text, word());
      case 15 -> atLine(text, lineOf(text));
      case 16 -> atLine(text, random.nextInt(8) == 0 ? LAUGHS : word() + ": " + word() + "\n");
      case 17 -> atLine(text, " ".repeat(1 + random.nextInt(4)));
      case 18 -> repeated(text);
      default -> withWord(text, "");
    };
  }

  /** Any word that is seldom right. */
  String word() {
    return random.nextInt(10) == 0
        ? Long.toString(random.nextLong())
        : WORDS.get(random.nextInt(WORDS.size()));
  }

  /** Seldom much. */
  private int length() {
    return random.nextInt(10) == 0 ? random.nextInt(MAX_LENGTH) : random.nextInt(500);
  }

  private String nested() {
    int depth = random.nextInt(10) == 0 ? random.nextInt(MAX_DEPTH) : random.nextInt(200);
    return switch (random.nextInt(4)) {
      case 0 -> "[".repeat(depth) + "]".repeat(depth);
      case 1 -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
      case 2 -> "[".repeat(depth);
      default -> "{a: ".repeat(depth);
    };
  }

  /** Many of one character, and then another. */
  private String run() {
    String one =
        List.of(",", " ", "\n", "\t", "0", "#", "-", "\"", "\\", ".").get(random.nextInt(10));
    return one.repeat(length()) + "x";
  }

  private String withWord(String text, String word) {
    if (text.isEmpty()) {
      return word;
    }
    Matcher found = WORD.matcher(text);
    if (!found.find(random.nextInt(text.length())) && !found.find(0)) {
      return text + word;
    }
    return text.substring(0, found.start()) + word + text.substring(found.end());
  }

  private String aWordOf(String text) {
    Matcher found = WORD.matcher(text);
    return !text.isEmpty() && found.find(random.nextInt(text.length())) ? found.group() : word();
  }

  private String insert(String text, String what) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at) + what + text.substring(at);
  }

  private String atLine(String text, String what) {
    int at = text.indexOf('\n', random.nextInt(text.length() + 1)) + 1;
    return text.substring(0, at) + what + text.substring(at);
  }

  private String lineOf(String text) {
    int from = text.indexOf('\n', random.nextInt(text.length() + 1)) + 1;
    int to = text.indexOf('\n', from);
    return to < 0 ? text.substring(from) + "\n" : text.substring(from, to + 1);
  }

  /** A part stands there again and again. */
  private String repeated(String text) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + 1 + random.nextInt(200));
    String part = text.substring(from, to);
    int times = part.isEmpty() ? 0 : Math.min(length(), MAX_LENGTH / part.length());
    return text.substring(0, to) + part.repeat(times) + text.substring(to);
  }

  private byte[] reencoded(String text) {
    return switch (random.nextInt(6)) {
      case 0 -> text.getBytes(StandardCharsets.UTF_16LE);
      case 1 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE);
      case 2 -> bytes("\uFEFF" + text);
      case 3 -> bytes(text.replace("\n", "\r\n"));
      case 4 -> text.replace('e', '\u00E9').getBytes(StandardCharsets.ISO_8859_1);
      default -> packed(text);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] packed(String text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream packing = new GZIPOutputStream(packed)) {
      packing.write(bytes(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
