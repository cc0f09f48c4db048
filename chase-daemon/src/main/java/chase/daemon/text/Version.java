package chase.daemon.text;

import java.util.Optional;

/** Which Chase this is. */
public final class Version {
  private Version() {}

  /** The version in the jar's manifest, or {@code development} when run from class files. */
  public static String ofThisBuild() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
