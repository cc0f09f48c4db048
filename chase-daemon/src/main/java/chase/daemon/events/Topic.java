package chase.daemon.events;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * A typed address on this process's event bus, so that the compiler checks what is published where.
 * Messages are handed over as they are and must be immutable.
 *
 * @param <T> what is published
 */
public final class Topic<T> {
  private final Vertx vertx;
  private final Class<T> type;
  private final DeliveryOptions options;

  /** The topic of {@code type}; make one for each Vert.x and type. */
  public Topic(Vertx vertx, Class<T> type) {
    this.vertx = vertx;
    this.type = type;
    this.options = new DeliveryOptions().setCodecName(type.getName()).setLocalOnly(true);
    vertx.eventBus().registerCodec(new ByReference<>(type));
  }

  /** Publishes to every subscriber, each on its own context. */
  public void publish(T message) {
    vertx.eventBus().publish(type.getName(), message, options);
  }

  /** Calls {@code listener} on the current context for each message until unregistered. */
  public MessageConsumer<T> subscribe(Consumer<T> listener) {
    return vertx
        .eventBus()
        .localConsumer(type.getName(), message -> listener.accept(message.body()));
  }

  private record ByReference<T>(Class<T> type) implements MessageCodec<T, T> {
    @Override
    public T transform(T message) {
      return message;
    }

    @Override
    public String name() {
      return type.getName();
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }

    @Override
    public void encodeToWire(Buffer buffer, T message) {
      throw new IllegalStateException(name() + " never leaves this process");
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException(name() + " never leaves this process");
    }
  }
}
