package chase.daemon.cli.manual;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** One word of a few. */
public final class EnumNames {
  private EnumNames() {}

  /**
   * The value that is written as {@code name} in small letters.
   *
   * @throws TypeConversionException that lists the words there are
   */
  public static <E extends Enum<E>> E parse(E[] values, String name) {
    return Arrays.stream(values)
        .filter(value -> word(value).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "'"
                    + name
                    + "' is not one of "
                    + Arrays.stream(values)
                        .map(EnumNames::word)
                        .collect(Collectors.joining(", "))));
  }

  /** How {@code value} is written. */
  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
