package chase.daemon.control;

import chase.daemon.api.ApiJson;
import chase.daemon.bodies.ConfigBodies;
import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.reload.ConfigState;
import chase.daemon.reload.ReloadRefused;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;

/** Shows the configuration in force, and has it read again. */
public final class ConfigRoutes {
  private static final String REFUSED = "nothing is applied, and what was in force stays:\n";

  private final Supplier<ConfigState> state;
  private final Supplier<Future<List<ConfigChange>>> reload;
  private final ResponseWriter responses = new ResponseWriter(ApiJson.mapper());

  /**
   * Paths that are not mounted yet.
   *
   * @param state reads what is in force
   * @param reload has the configuration read again; fails with {@link ReloadRefused}
   */
  public ConfigRoutes(Supplier<ConfigState> state, Supplier<Future<List<ConfigChange>>> reload) {
    this.state = state;
    this.reload = reload;
  }

  /** Adds the paths to {@code router}; failures are the router's. */
  public void mount(Router router) {
    router
        .get("/v1/config")
        .handler(context -> responses.send(context, ConfigBodies.settings(state.get())));
    router.post("/v1/reload").handler(this::reload);
  }

  private void reload(RoutingContext context) {
    ResponseWriter.onContext(context, reload.get())
        .onSuccess(changes -> responses.send(context, ConfigBodies.reload(state.get(), changes)))
        .onFailure(why ->
            context.fail(
                why instanceof ReloadRefused refused
                    ? new ApiException(409, "config_refused", REFUSED + refused.getMessage())
                    : why));
  }
}
