const groups: { readonly [apiVersion: string]: readonly string[] } = {
  'apps/v1': ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  'batch/v1': ['Job', 'CronJob'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'storage.k8s.io/v1': ['StorageClass'],
  'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'monitoring.coreos.com/v1': ['Prometheus', 'Alertmanager', 'ThanosRuler', 'ServiceMonitor', 'PrometheusRule'],
}

/** Where a kind is at home when nobody says so; what is not known here is taken for one of the core. */
export function apiVersionOf(kind: string): string {
  return Object.entries(groups).find(([, kinds]) => kinds.includes(kind))?.[0] ?? 'v1'
}

/** Kinds of the cluster itself that hold a number of pods. */
export function isWorkload(kind: string): boolean {
  return kind === 'Deployment' || kind === 'StatefulSet' || kind === 'ReplicaSet' || kind === 'ReplicationController'
}
