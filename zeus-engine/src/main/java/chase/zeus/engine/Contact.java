package chase.zeus.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether a card answers. Figures of a card that does not are none.
 *
 * @param state in one word
 * @param answeredAt when it last told its readings, or was opened
 * @param goodUntil until when what it told then is not too old
 * @param why what is wrong, where that is known
 */
public record Contact(State state, Instant answeredAt, Instant goodUntil, Optional<String> why) {
  /** A card that answers, whenever it is asked. */
  public static final Contact GOOD =
      new Contact(State.ANSWERING, Instant.EPOCH, Instant.MAX, Optional.empty());

  /** What contact there is. */
  public enum State {
    /** It tells its readings. */
    ANSWERING,
    /** Every call fails, for longer than a reading is good for. */
    SILENT,
    /** A call has not come back. */
    HUNG,
    /** The driver says that it is gone, or is gone itself. */
    LOST
  }

  /** Whether what the card told last may be shown. */
  public boolean answers() {
    return state == State.ANSWERING;
  }

  /** The contact at {@code now}, if nothing was heard of the card since. */
  Contact asOf(Instant now) {
    return answers() && now.isAfter(goodUntil)
        ? new Contact(State.SILENT, answeredAt, goodUntil, why)
        : this;
  }

  Contact answered(Instant at, Instant until) {
    return new Contact(State.ANSWERING, at, until, Optional.empty());
  }

  /** A call failed; that alone does not make the last reading old. */
  Contact failed(String trouble) {
    return new Contact(state, answeredAt, goodUntil, Optional.of(trouble));
  }

  Contact gone(State how, String trouble) {
    return new Contact(how, answeredAt, goodUntil, Optional.of(trouble));
  }
}
