package chase.daemon.reload;

import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.events.Notification;
import chase.daemon.events.Topic;
import chase.daemon.reload.CandidateConfig.UnsettledFile;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the configuration again when somebody asks, one time after the other: requests that come
 * while it is read share the next reading. Any thread may call.
 */
public final class ConfigReloader {
  private static final Logger LOG = System.getLogger(ConfigReloader.class.getName());

  private static final int MOST_WAITS = 20;

  private final Vertx vertx;
  private final Context context;
  private final LiveParts parts;
  private final CandidateConfig.HostNeeds checks;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final Topic<Notification> notifications;
  private final ReloadListener listener;
  private volatile ConfigState state;
  private SecretDigests secrets = new SecretDigests(Map.of());
  private boolean reading;
  private boolean closed;
  private Optional<Promise<List<ConfigChange>>> waiting = Optional.empty();

  /** Is notified of each reload, as systemd wants to be. */
  public interface ReloadListener {
    /** A reload begins. */
    void begins();

    /** It is over, and the configuration was applied or refused. */
    void ends();
  }

  /**
   * A reloader that waits for requests.
   *
   * @param vertx where {@code parts} run, on a single event loop
   * @param state what is in force
   * @param checks looks for what a configuration needs of this host
   * @param environment the process's environment variables, where secrets may be kept
   */
  public ConfigReloader(
      Vertx vertx,
      ConfigState state,
      LiveParts parts,
      CandidateConfig.HostNeeds checks,
      Map<String, String> environment,
      InstantSource clock,
      Topic<Notification> notifications,
      ReloadListener listener) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.state = state;
    this.parts = parts;
    this.checks = checks;
    this.environment = environment;
    this.clock = clock;
    this.notifications = notifications;
    this.listener = listener;
    context.runOnContext(now -> readSecrets());
  }

  /** Those of the start, which are known before the first reload since each waits for this. */
  private void readSecrets() {
    reading = true;
    Thread.ofVirtual()
        .name("secrets")
        .start(() -> {
          SecretDigests read = SecretDigests.of(state.config(), environment);
          context.runOnContext(now -> {
            secrets = read;
            next();
          });
        });
  }

  /** What is in force. */
  public ConfigState state() {
    return state;
  }

  /**
   * Reads the configuration file and applies it.
   *
   * @return every key that differed; fails with {@link ReloadRefused} when nothing was applied
   */
  public Future<List<ConfigChange>> reload() {
    Promise<List<ConfigChange>> answer = Promise.promise();
    context.runOnContext(now -> {
      Promise<List<ConfigChange>> shared = waiting.orElseGet(Promise::promise);
      waiting = Optional.of(shared);
      shared.future().onComplete(answer);
      if (!reading) {
        next();
      }
    });
    return answer.future();
  }

  /** Applies nothing from now on: the daemon stops. */
  public void close() {
    context.runOnContext(now -> closed = true);
  }

  private void next() {
    reading = waiting.isPresent();
    waiting.ifPresent(answer -> {
      waiting = Optional.empty();
      if (closed) {
        reading = false;
        answer.fail(new ReloadRefused(List.of("Chase is stopping")));
      } else if (state.source().isEmpty()) {
        reading = false;
        answer.fail(new ReloadRefused(List.of("this daemon was started without a file")));
      } else {
        begin(answer);
      }
    });
  }

  private void begin(Promise<List<ConfigChange>> answer) {
    listener.begins();
    read(answer, MOST_WAITS);
  }

  /** Reading may block for as long as a disk does; a file that is being written is waited for. */
  private void read(Promise<List<ConfigChange>> answer, int waits) {
    SecretDigests known = secrets;
    Thread.ofVirtual()
        .name("reload")
        .start(() -> {
          Future<CandidateConfig> read = read(known);
          context.runOnContext(now -> {
            if (read.cause() instanceof UnsettledFile && waits > 0 && !closed) {
              vertx.setTimer(CandidateConfig.SETTLED.toMillis(), tick -> read(answer, waits - 1));
              return;
            }
            read.onSuccess(candidate -> finish(candidate, answer))
                .onFailure(why -> refuse(why, answer));
            next();
          });
        });
  }

  private Future<CandidateConfig> read(SecretDigests known) {
    try {
      return Future.succeededFuture(
          CandidateConfig.read(state, known, environment, checks, parts.access(), clock));
    } catch (ReloadRefused | UnsettledFile refused) {
      return Future.failedFuture(refused);
    } catch (RuntimeException | StackOverflowError bug) {
      LOG.log(Level.ERROR, "a bug in Chase: the configuration was not read", bug);
      return Future.failedFuture(new ReloadRefused(List.of("a bug in Chase: " + bug)));
    }
  }

  private void finish(CandidateConfig candidate, Promise<List<ConfigChange>> answer) {
    boolean replaces = !closed && candidate.replacesSources();
    if (!replaces) {
      Thread.ofVirtual().name("unused-sources").start(candidate.sources()::close);
    }
    if (closed) {
      refuse(new ReloadRefused(List.of("Chase is stopping")), answer);
      return;
    }
    Instant now = clock.instant();
    parts.apply(
        candidate.changes(),
        state.config(),
        replaces ? Optional.of(candidate.sources()) : Optional.empty(),
        candidate.roles(),
        now);
    secrets = candidate.secrets();
    state = state.after(candidate.changes(), candidate.read(), now);
    String text = text(candidate.changes().applied(), candidate.changes().waiting());
    publish(Level.INFO, now, text);
    listener.ends();
    answer.complete(candidate.changes().changes());
  }

  private void refuse(Throwable why, Promise<List<ConfigChange>> answer) {
    List<String> reasons =
        why instanceof ReloadRefused refused
            ? refused.reasons()
            : List.of(String.valueOf(why.getMessage()));
    Instant now = clock.instant();
    state = state.afterRefusal(new ConfigState.RefusedReload(now, reasons));
    String text =
        "the configuration is refused, and the one in force stays: " + String.join("; ", reasons);
    publish(Level.WARNING, now, text);
    listener.ends();
    answer.fail(new ReloadRefused(reasons));
  }

  private void publish(Level level, Instant now, String text) {
    LOG.log(level, text);
    notifications.publish(
        Notification.of(now, Notification.NotificationKind.CONFIG, Optional.empty(), text));
  }

  /** What a reload did, in one line. */
  private static String text(List<ConfigChange> applied, List<ConfigChange> waiting) {
    List<String> parts = new ArrayList<>();
    parts.add(
        "the configuration is reloaded: " + (applied.isEmpty() ? "nothing changed" : all(applied)));
    if (!waiting.isEmpty()) {
      parts.add("kept until a restart: " + all(waiting));
    }
    return String.join("; ", parts);
  }

  private static String all(List<ConfigChange> changes) {
    return changes.stream().map(ConfigChange::text).collect(Collectors.joining(", "));
  }
}
