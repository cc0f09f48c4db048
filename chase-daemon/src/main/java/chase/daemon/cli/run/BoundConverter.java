package chase.daemon.cli.run;

import chase.zeus.policy.SlowdownBound;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a slowdown bound, such as {@code 3%}, as a share such as 0.03. */
public final class BoundConverter implements ITypeConverter<Double> {
  @Override
  public Double convert(String text) {
    try {
      return SlowdownBound.parse(text).share();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
