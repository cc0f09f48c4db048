package chase.daemon.doctor;

import chase.daemon.api.ApiJson;
import chase.daemon.api.CheckBody;
import chase.daemon.api.DoctorBody;
import chase.daemon.config.ChaseConfig;
import chase.daemon.control.ApiState;
import chase.daemon.grid.GridSources;
import chase.daemon.host.Capabilities;
import chase.daemon.reload.ConfigState;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A running daemon's account of itself: {@code GET /v1/doctor}. Looks with the daemon's own rights
 * and environment, which are not those of who asks.
 */
public final class DaemonDoctor {
  private final Supplier<ConfigState> inForce;
  private final Map<String, String> environment;
  private final ApiState state;
  private final Supplier<GridSources> sources;
  private final LongSupplier nanos;
  private final Instant startedAt;

  /** Whoever asks meanwhile gets the same answer; used on the server's context only. */
  private Optional<Future<String>> pending = Optional.empty();

  /**
   * The doctor of a daemon that starts now.
   *
   * @param state the daemon as its API shows it
   * @param inForce reads what it runs with
   * @param environment its environment variables
   * @param nanos a clock that never goes back, from anywhere on
   */
  public DaemonDoctor(
      ApiState state,
      Supplier<ConfigState> inForce,
      Map<String, String> environment,
      Supplier<GridSources> sources,
      LongSupplier nanos) {
    this.state = state;
    this.inForce = inForce;
    this.environment = environment;
    this.sources = sources;
    this.nanos = nanos;
    this.startedAt = state.clock().instant();
  }

  /** Adds the path to {@code router}. */
  public void mount(Vertx on, Router router) {
    router.get("/v1/doctor").handler(context -> answer(on, context));
  }

  private void answer(Vertx on, RoutingContext context) {
    if (pending.filter(known -> !known.isComplete()).isEmpty()) {
      pending = Optional.of(examined(on));
    }
    pending
        .orElseThrow()
        .onSuccess(body -> {
          if (!context.response().ended() && !context.response().closed()) {
            var _ =
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(body);
          }
        })
        .onFailure(context::fail);
  }

  /** Not on the workers, which are few: providers may take their time. */
  private Future<String> examined(Vertx on) {
    Context here = on.getOrCreateContext();
    Promise<String> done = Promise.promise();
    Thread.ofVirtual()
        .name("doctor")
        .start(() -> {
          try {
            String body = ApiJson.mapper().writeValueAsString(body()) + "\n";
            here.runOnContext(now -> done.complete(body));
          } catch (JsonProcessingException | RuntimeException e) {
            here.runOnContext(now -> done.fail(e));
          }
        });
    return done.future();
  }

  /** The answer now; blocks. */
  DoctorBody body() {
    return new DoctorBody(daemon(), checks());
  }

  private DoctorBody.DaemonBody daemon() {
    ChaseConfig config = inForce.get().config();
    Capabilities own = Capabilities.ofThisProcess();
    boolean page = config.metrics().enabled() && config.metrics().port() > 0;
    return new DoctorBody.DaemonBody(
        state.version(),
        ProcessHandle.current().pid(),
        startedAt,
        System.getProperty("user.name", ""),
        own.effective(),
        own.hasSysAdmin(),
        config.mode().name().toLowerCase(Locale.ROOT),
        inForce.get().source().map(source -> source.path().toString()),
        config.stateDirectory().toAbsolutePath().normalize().toString(),
        config.control().socket().toString(),
        page
            ? Optional.of(
                config.metrics().tls().url(config.metrics().host(), config.metrics().port()) + "/")
            : Optional.empty(),
        Optional.of(config.batchSizes().zeusApi())
            .filter(api -> api.enabled() && api.port() > 0)
            .map(api -> api.tls().url(api.host(), api.port())));
  }

  private List<CheckBody> checks() {
    ChaseConfig config = inForce.get().config();
    FileChecks files = new FileChecks(config, environment);
    PrivateFiles secrets = new PrivateFiles(config);
    RightsChecks rights = new RightsChecks(config, Capabilities.ofThisProcess());
    List<CheckBody> checks = new ArrayList<>();
    inForce.get().source().map(source -> files.stillInForce(source.path())).ifPresent(checks::add);
    checks.addAll(
        GpuChecks.known(
            state.governor().snapshot(),
            state.grid().get(),
            state.governor().driver(),
            state.governor().unanswered(),
            state.clock().instant()));
    checks.add(rights.ofDaemon());
    checks.add(files.stateDirectory(Optional.empty()));
    checks.addAll(files.roles());
    checks.addAll(secrets.secrets());
    inForce
        .get()
        .source()
        .flatMap(source -> secrets.configuration(source.path()))
        .ifPresent(checks::add);
    checks.addAll(secrets.crashes());
    rights.cpuEnergy(nanos).ifPresent(checks::add);
    DatabaseCheck.of(config.batchSizes(), environment).ifPresent(checks::add);
    checks.addAll(new GridChecks(config, environment).of(sources.get(), state.clock().instant()));
    return checks;
  }
}
