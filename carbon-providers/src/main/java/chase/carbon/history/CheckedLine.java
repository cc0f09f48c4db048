package chase.carbon.history;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A line that knows whether it is whole: the CRC-32C of its text in eight digits, a space, it. */
final class CheckedLine {
  private static final int DIGITS = 8;

  private CheckedLine() {}

  static String of(String text) {
    return checksum(text) + " " + text;
  }

  /**
   * The text of a line.
   *
   * @throws IllegalArgumentException when the line is damaged
   */
  static String text(String line) {
    if (line.length() <= DIGITS || line.charAt(DIGITS) != ' ') {
      throw new IllegalArgumentException("no checksum");
    }
    String text = line.substring(DIGITS + 1);
    if (!checksum(text).equals(line.substring(0, DIGITS))) {
      throw new IllegalArgumentException("the checksum is another");
    }
    return text;
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
