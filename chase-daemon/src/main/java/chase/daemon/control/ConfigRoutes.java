package chase.daemon.control;

import chase.daemon.api.ApiJson;
import chase.daemon.bodies.ConfigBodies;
import chase.daemon.reload.ConfigReloader;
import chase.daemon.reload.ReloadRefused;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Shows the configuration in force, and has it read again. */
public final class ConfigRoutes {
  private final ConfigReloader reloader;
  private final ResponseWriter responses = new ResponseWriter(ApiJson.mapper());

  /** Paths that are not mounted yet. */
  public ConfigRoutes(ConfigReloader reloader) {
    this.reloader = reloader;
  }

  /** Adds the paths to {@code router}; failures are the router's. */
  public void mount(Router router) {
    router
        .get("/v1/config")
        .handler(context -> responses.send(context, ConfigBodies.settings(reloader.state())));
    router.post("/v1/reload").handler(this::reload);
  }

  private void reload(RoutingContext context) {
    ResponseWriter.onContext(context, reloader.reload())
        .onSuccess(
            changes -> responses.send(context, ConfigBodies.reload(reloader.state(), changes)))
        .onFailure(why ->
            context.fail(
                why instanceof ReloadRefused refused
                    ? new ApiException(409, "config_refused", String.valueOf(refused.getMessage()))
                    : why));
  }
}
