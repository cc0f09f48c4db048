package chase.daemon.zeusd;

import chase.daemon.events.CommandFailed;
import chase.daemon.events.CommandRefused;
import chase.zeus.gpu.GpuException;
import java.util.Optional;

/**
 * Why Chase keeps a GPU from what a client asked for, although the request is right and the card
 * says nothing against it. Zeus's library lets a training die at every error, so that such a
 * request is answered as done, with this beside it.
 */
final class WriteHold {
  private WriteHold() {}

  /**
   * Why Chase did not do what was asked; empty where the request is wrong or the card said no,
   * which zeusd answers with an error too.
   */
  static Optional<String> of(Throwable trouble) {
    return Optional.of(trouble)
        .filter(WriteHold::isOurs)
        .map(ours -> String.valueOf(ours.getMessage()));
  }

  private static boolean isOurs(Throwable trouble) {
    return switch (trouble) {
      case CommandRefused refused ->
          switch (refused.refusal().cause()) {
            case CONFLICT, NOT_WRITABLE -> true;
            case UNKNOWN_GPU, UNKNOWN_JOB, JOB_ENDED, OUT_OF_RANGE -> false;
          };
      case CommandFailed failed -> !failed.refused();
      case GpuException e -> e.kind() != GpuException.Kind.REFUSED;
      case IllegalArgumentException e -> false;
      default -> true;
    };
  }

  /** Whether neither the request nor the card nor an operator explains it. */
  static boolean isBug(Throwable trouble) {
    return !(trouble instanceof CommandRefused
        || trouble instanceof CommandFailed
        || trouble instanceof GpuException
        || trouble instanceof IllegalArgumentException);
  }
}
