package chase.daemon.cli.simulate;

import chase.daemon.cli.manual.EnumNames;
import picocli.CommandLine.ITypeConverter;

/** The forms of an answer. */
enum OutputFormat {
  /** For people. */
  TABLE,
  /** The same with all columns. */
  WIDE,
  /** For programs. */
  JSON;

  /** Reads {@code json}. */
  static final class Converter implements ITypeConverter<OutputFormat> {
    @Override
    public OutputFormat convert(String name) {
      return EnumNames.parse(values(), name);
    }
  }
}
