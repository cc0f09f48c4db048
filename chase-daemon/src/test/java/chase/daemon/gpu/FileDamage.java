package chase.daemon.gpu;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What disks, crashes and people do to a file. */
enum FileDamage {
  FLIPPED_BIT {
    @Override
    byte[] of(byte[] text, RandomGenerator random) {
      byte[] damaged = text.clone();
      damaged[random.nextInt(text.length)] ^= (byte) (1 << random.nextInt(8));
      return damaged;
    }
  },
  CHANGED_DIGIT {
    @Override
    byte[] of(byte[] text, RandomGenerator random) {
      byte[] damaged = text.clone();
      int at = random.nextInt(text.length);
      for (int i = 0; i < text.length && !Character.isDigit(damaged[at]); i++) {
        at = (at + 1) % text.length;
      }
      damaged[at] = (byte) ('0' + random.nextInt(10));
      return damaged;
    }
  },
  CUT_OFF {
    @Override
    byte[] of(byte[] text, RandomGenerator random) {
      return Arrays.copyOf(text, random.nextInt(text.length));
    }
  },
  CUT_OUT {
    @Override
    byte[] of(byte[] text, RandomGenerator random) {
      int from = random.nextInt(text.length);
      int to = from + random.nextInt(text.length - from + 1);
      return joined(Arrays.copyOf(text, from), Arrays.copyOfRange(text, to, text.length));
    }
  },
  FILLED_WITH_ZEROS {
    @Override
    byte[] of(byte[] text, RandomGenerator random) {
      byte[] damaged = text.clone();
      int from = random.nextInt(text.length);
      Arrays.fill(damaged, from, from + random.nextInt(text.length - from + 1), (byte) 0);
      return damaged;
    }
  },
  DOUBLED {
    @Override
    byte[] of(byte[] text, RandomGenerator random) {
      int from = random.nextInt(text.length);
      int to = from + random.nextInt(text.length - from + 1);
      return joined(Arrays.copyOf(text, to), Arrays.copyOfRange(text, from, text.length));
    }
  },
  LOST_LINE {
    @Override
    byte[] of(byte[] text, RandomGenerator random) {
      String[] lines = new String(text, StandardCharsets.UTF_8).split("(?<=\n)", -1);
      lines[random.nextInt(lines.length)] = "";
      return String.join("", lines).getBytes(StandardCharsets.UTF_8);
    }
  },
  NOISE {
    @Override
    byte[] of(byte[] text, RandomGenerator random) {
      byte[] damaged = text.clone();
      int from = random.nextInt(text.length);
      byte[] noise = new byte[1 + random.nextInt(Math.min(64, text.length - from))];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, damaged, from, noise.length);
      return damaged;
    }
  };

  /** A damaged copy of {@code text}, which is not empty. */
  abstract byte[] of(byte[] text, RandomGenerator random);

  private static byte[] joined(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
