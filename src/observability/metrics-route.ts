import type { AdminApp } from '../host/express-gateway';
import { metricsRegistry } from './metrics';

/** `GET /metrics` on the admin port, where Prometheus looks by default. */
export function addMetricsRoute(app: AdminApp): void {
  app.get('/metrics', (_req, res) => {
    metricsRegistry
      .metrics()
      .then((text) => res.setHeader('Content-Type', metricsRegistry.contentType).end(text))
      .catch(() => res.writeHead(500).end());
  });
}
