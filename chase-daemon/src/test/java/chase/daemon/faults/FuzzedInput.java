package chase.daemon.faults;

import java.util.List;
import java.util.Optional;

/** One kind of text that Chase reads, and how it is read. */
interface FuzzedInput {
  /** What the table calls it. */
  String name();

  /** Texts that are read without a complaint. */
  List<byte[]> originals();

  /**
   * Reads a text. Whatever it throws is a fault, but for an {@link AssertionError}, which says
   * itself which promise is broken.
   *
   * @return why it was refused, or what of it; empty where it was taken
   */
  Optional<String> read(byte[] text) throws Exception;

  /** What every refusal names, such as the file. */
  String offender();

  /** How much of the whole it takes; something that writes to disks takes less. */
  default int share() {
    return 1;
  }
}
