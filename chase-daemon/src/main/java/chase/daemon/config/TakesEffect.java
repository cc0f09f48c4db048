package chase.daemon.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * When a changed key of the configuration counts. Stands on the key's record component, or on a
 * section for all keys in it; a test holds that no key is without.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface TakesEffect {
  /** When it counts. */
  Moment value();

  /** The choices. */
  enum Moment {
    /** A running daemon takes it from the file when that is read again. */
    ON_RELOAD,
    /** A running daemon goes on with the old value. */
    ON_RESTART
  }
}
