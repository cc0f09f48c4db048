package chase.carbon;

/**
 * A part of the grid under the name that its provider gives it.
 *
 * @param code such as {@code US-CAL-CISO} (Electricity Maps) or {@code CAISO_NORTH} (WattTime)
 */
public record Region(String code) {
  /** Refuses a blank code with {@link IllegalArgumentException}. */
  public Region {
    if (code.isBlank()) {
      throw new IllegalArgumentException("a region's code must not be blank");
    }
  }

  @Override
  public String toString() {
    return code;
  }
}
