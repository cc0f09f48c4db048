package chase.daemon.gpu.journal;

import chase.carbon.PlainLine;
import chase.carbon.history.AtomicFile;
import chase.daemon.gpu.journal.JournalFormat.Content;
import chase.zeus.gpu.GpuId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must be restored on each GPU, in two files of the state directory and one runtime copy
 * ({@link StatePaths}). Every change is on the disk, twice, when its method returns. The threads of
 * all GPUs write here, one after the other.
 *
 * @param <E> what is on record of one GPU
 */
final class JournalFile<E> {
  private static final Logger LOG = System.getLogger(JournalFile.class.getName());

  /** No host has that many GPUs; a larger file is no journal. */
  private static final long MAX_BYTES = 1 << 20;

  private final StatePaths paths;
  private final JournalFormat<E> format;
  private final ReentrantLock writing = new ReentrantLock();
  private long generation;
  private volatile Map<GpuId, E> entries;
  private volatile Optional<String> loss = Optional.empty();
  private volatile Optional<String> unwritable = Optional.empty();
  private volatile Optional<String> readOnlyReason = Optional.empty();

  private JournalFile(StatePaths paths, JournalFormat<E> format, List<Found<E>> found) {
    this.paths = paths;
    this.format = format;
    this.generation = found.stream().mapToLong(Found::generation).max().orElse(0);
    this.entries = merged(found);
    if (!found.isEmpty() && found.stream().noneMatch(Found::isWhole)) {
      this.loss = Optional.of("every copy of the journal is damaged: " + describe(found));
    }
  }

  private static <E> String describe(List<Found<E>> damaged) {
    return damaged.stream()
        .map(file -> file.path() + " (" + file.damage() + ")")
        .collect(Collectors.joining(", "));
  }

  /** A file that is there, and what could be read of it. */
  private record Found<E>(Path path, Content<E> content) {
    boolean isWhole() {
      return content.damage().isEmpty();
    }

    /** Of a damaged one: what is wrong with it, which may quote it. */
    String damage() {
      return PlainLine.of(content.damage().orElseThrow());
    }

    /** Of a damaged file it means nothing. */
    long generation() {
      return isWhole() ? content.generation() : 0;
    }

    /** A Chase without checksums wrote only one file, and so after the others. */
    long age() {
      return isWhole() && !content.hasChecksums() ? Long.MIN_VALUE : -generation();
    }
  }

  /**
   * Reads a journal; changes nothing.
   *
   * @throws StateException when it may not be read, or a newer Chase wrote it
   */
  static <E> JournalFile<E> inspect(StatePaths paths, JournalFormat<E> format)
      throws StateException {
    return new JournalFile<>(paths, format, found(paths, format));
  }

  /**
   * Reads a journal and writes it once, so that a failing disk is noticed now ({@link #unwritable})
   * and not at the first change. Damage is kept until {@link #repair}, except where an undamaged
   * copy replaces it.
   *
   * @throws StateException when it may not be read, or a newer Chase wrote it
   */
  static <E> JournalFile<E> open(StatePaths paths, JournalFormat<E> format) throws StateException {
    List<Found<E>> found = found(paths, format);
    JournalFile<E> journal = new JournalFile<>(paths, format, found);
    if (journal.loss.isEmpty()) {
      found.stream().filter(file -> !file.isWhole()).forEach(JournalFile::logReplacedByCopy);
      try {
        journal.change(entries -> entries);
      } catch (IOException e) {
        journal.unwritable = Optional.of(String.valueOf(e.getMessage()));
      }
    }
    return journal;
  }

  /** One that cannot be read at all, so that everything in it counts as lost. */
  static <E> JournalFile<E> unreadable(StatePaths paths, JournalFormat<E> format, String why) {
    JournalFile<E> journal = new JournalFile<>(paths, format, List.of());
    journal.loss = Optional.of(why);
    return journal;
  }

  private static void logReplacedByCopy(Found<?> damaged) {
    LOG.log(
        Level.WARNING,
        "%s is damaged (%s); an undamaged copy is used"
            .formatted(damaged.path(), damaged.damage()));
    keepDamagedCopy(damaged.path());
  }

  private static <E> List<Found<E>> found(StatePaths paths, JournalFormat<E> format)
      throws StateException {
    List<Found<E>> found = new ArrayList<>();
    Optional<StateException> denied = Optional.empty();
    for (Path path : all(paths, format.name())) {
      try {
        read(path, format).ifPresent(content -> found.add(new Found<>(path, content)));
      } catch (AccessDeniedException e) {
        denied = denied.or(() -> noPermission(path));
      }
    }
    boolean enough = found.stream().anyMatch(Found::isWhole);
    if (!enough && denied.isPresent()) {
      throw denied.get();
    }
    if (!enough && found.stream().anyMatch(file -> file.content().isNewer())) {
      throw new StateException(
          "a newer Chase wrote the journal %s, and only that one can use it"
              .formatted(found.getFirst().path()));
    }
    return found;
  }

  private static Optional<StateException> noPermission(Path path) {
    return Optional.of(
        new StateException("no permission to read the journal " + path + ": use sudo"));
  }

  private static List<Path> all(StatePaths paths, String name) {
    return Stream.concat(paths.files(name).stream(), paths.runtimeCopy(name).stream()).toList();
  }

  private static <E> Optional<Content<E>> read(Path path, JournalFormat<E> format)
      throws AccessDeniedException {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      if (!file.isRegularFile()) {
        // Opening a pipe would wait for its writer.
        return Optional.of(Content.unreadable("it is not a file"));
      }
      return file.size() > MAX_BYTES
          ? Optional.of(Content.unreadable("it is too large"))
          : Optional.of(format.read(Files.readAllBytes(path)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      return Optional.of(Content.unreadable(reason(e)));
    }
  }

  /**
   * Everything in any file, the newest first. An entry that was dropped since does no harm: its GPU
   * has the original limit, or one of an external process, which stays.
   */
  private Map<GpuId, E> merged(List<Found<E>> found) {
    Map<GpuId, E> all = new LinkedHashMap<>();
    for (Found<E> file : found.stream().sorted(Comparator.comparingLong(Found::age)).toList()) {
      file.content().entries().forEach((gpu, entry) -> all.merge(gpu, entry, format.merge()));
    }
    return Map.copyOf(all);
  }

  Map<GpuId, E> entries() {
    return entries;
  }

  Optional<E> entry(GpuId gpu) {
    return Optional.ofNullable(entries.get(gpu));
  }

  /**
   * Why entries may be missing, empty when none is. As long as there is a loss, nothing is written.
   */
  Optional<String> loss() {
    return loss;
  }

  /** Why it could not be written when it was opened. */
  Optional<String> unwritable() {
    return unwritable;
  }

  /** From now on nothing is written, because of {@code why}. */
  void holdReadOnly(String why) {
    readOnlyReason = Optional.of(why);
  }

  /**
   * Accepts the loss: damaged files get another name, and the undamaged entries are written again.
   */
  void repair() throws IOException {
    Optional<String> before = loss;
    if (before.isPresent()) {
      all(paths, format.name()).forEach(JournalFile::keepDamagedCopy);
      loss = Optional.empty();
      try {
        change(old -> old);
      } catch (IOException e) {
        loss = before;
        throw e;
      }
    }
  }

  /** A second name for a damaged file, which stays when the first is given to an undamaged one. */
  private static void keepDamagedCopy(Path path) {
    try {
      Path kept = path.resolveSibling(path.getFileName() + ".damaged");
      Files.deleteIfExists(kept);
      Files.createLink(kept, path);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(Level.DEBUG, path + " is not kept: " + e);
    }
  }

  /** The file of this journal that people know of. */
  Path path() {
    return paths.files(format.name()).getFirst();
  }

  void put(GpuId gpu, E entry) throws IOException {
    change(old -> {
      old.put(gpu, entry);
      return old;
    });
  }

  void remove(GpuId gpu) throws IOException {
    if (loss.isPresent()) {
      // The damaged files stay as they are, and restoring once more does no harm.
      Map<GpuId, E> rest = new LinkedHashMap<>(entries);
      rest.remove(gpu);
      entries = Map.copyOf(rest);
    } else if (entries.containsKey(gpu)) {
      change(old -> {
        old.remove(gpu);
        return old;
      });
    }
  }

  private void change(UnaryOperator<Map<GpuId, E>> step) throws IOException {
    writing.lock();
    try {
      Optional<String> obstacle = loss.or(() -> readOnlyReason);
      if (obstacle.isPresent()) {
        throw new IOException(obstacle.get());
      }
      Map<GpuId, E> next = step.apply(new LinkedHashMap<>(entries));
      // Counted first: what a failed attempt may have left in one file is older than the next.
      byte[] text = format.write(++generation, next);
      for (Path file : paths.files(format.name())) {
        write(file, text);
      }
      entries = Map.copyOf(next);
      paths.runtimeCopy(format.name()).ifPresent(file -> writeRuntimeCopy(file, text));
    } finally {
      writing.unlock();
    }
  }

  private static void write(Path file, byte[] text) throws IOException {
    try {
      new AtomicFile(file).write(text);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + reason(e), e);
    }
  }

  /** Where the runtime copy cannot be written, it must at least not hold old entries. */
  private static void writeRuntimeCopy(Path file, byte[] text) {
    try {
      new AtomicFile(file).write(text);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot write " + file + ": " + reason(e));
      try {
        Files.deleteIfExists(file);
      } catch (IOException stays) {
        LOG.log(Level.WARNING, "cannot write or delete " + file + ": " + reason(stays));
      }
    }
  }

  static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException gone -> "the directory is gone";
      case FileAlreadyExistsException other -> "it is not a directory";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
