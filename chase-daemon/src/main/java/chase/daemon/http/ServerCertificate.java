package chase.daemon.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.X509KeyManager;

/** A server's certificate with its chain, and the private key that belongs to it. */
public final class ServerCertificate {
  private final PemKeyCertOptions pem;
  private final Instant notAfter;

  private ServerCertificate(PemKeyCertOptions pem, Instant notAfter) {
    this.pem = pem;
    this.notAfter = notAfter;
  }

  /**
   * Reads both from files in PEM. Blocks.
   *
   * @param chain the server's certificate, and behind it those that sign it
   * @param key PKCS#8, or RSA's or EC's own form; not encrypted
   * @throws UnfitCertificate when they cannot be used or do not belong together
   * @throws IOException with one line, when a file cannot be read
   */
  public static ServerCertificate read(Path chain, Path key) throws IOException {
    PemKeyCertOptions pem =
        new PemKeyCertOptions().addCertValue(contents(chain)).addKeyValue(contents(key));
    X509KeyManager keys = keys(pem, chain, key);
    String algorithm = keys.getServerAliases("RSA", null) == null ? "EC" : "RSA";
    String[] aliases = keys.getServerAliases(algorithm, null);
    if (aliases == null) {
      throw new UnfitCertificate(key + ": the key must be one of RSA or EC");
    }
    X509Certificate own = keys.getCertificateChain(aliases[0])[0];
    if (!fits(own, keys.getPrivateKey(aliases[0]), algorithm)) {
      throw new UnfitCertificate(key + " is not the key of the certificate in " + chain);
    }
    return new ServerCertificate(pem, own.getNotAfter().toInstant());
  }

  /** The files hold no certificate and key that can be used; only an edit helps. */
  public static final class UnfitCertificate extends IOException {
    /** A refusal for people to read: one line that names a file, and nothing that stands in it. */
    UnfitCertificate(String message) {
      super(message);
    }
  }

  private static Buffer contents(Path file) throws IOException {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException("no permission to read " + file, e);
    }
  }

  /** What a library says of a file may quote it, so none of that is passed on. */
  private static X509KeyManager keys(PemKeyCertOptions pem, Path chain, Path key)
      throws UnfitCertificate {
    try {
      // Vert.x itself would be needed for paths alone.
      return (X509KeyManager) pem.getKeyManagerFactory(null).getKeyManagers()[0];
    } catch (Exception e) {
      throw new UnfitCertificate(
          "%s and %s do not hold a certificate and its unencrypted key in PEM"
              .formatted(chain, key));
    }
  }

  /** Whether what one signs the other confirms. */
  private static boolean fits(X509Certificate certificate, PrivateKey key, String algorithm) {
    byte[] text = "Chase".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature =
          Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  PemKeyCertOptions pem() {
    return pem;
  }

  /** Until when clients accept it. */
  public Instant notAfter() {
    return notAfter;
  }

  /** Whether nothing has to be done to serve {@code other} in place of this. */
  boolean isSameAs(ServerCertificate other) {
    return pem.getCertValues().equals(other.pem.getCertValues())
        && pem.getKeyValues().equals(other.pem.getKeyValues());
  }
}
