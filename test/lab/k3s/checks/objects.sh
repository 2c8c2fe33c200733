# Objects: server-side apply and its dry run, classes of volumes, what is immutable, kinds that come later.

apply() { kube apply --server-side --force-conflicts --field-manager=check "$@" -f -; }
try() { apply --dry-run=server -o json "$@"; }
field() { kube get "$1" "$2" -o "jsonpath={$3}" --ignore-not-found; }
forget_objects() {
  kube delete pvc check-wordless check-classless --ignore-not-found --wait=false >/dev/null 2>&1 || true
  kube delete pv check-wordless check-classless --ignore-not-found --wait=false >/dev/null 2>&1 || true
  kube delete configmap check --ignore-not-found >/dev/null 2>&1 || true
}
forget_objects

settings() { printf '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"check"},"data":{%s}}' "$1"; }
trial() { has "$(settings '"a":"1"' | try)" '"a": "1"' && is "$(field configmap check .metadata.name)" ''; }
check n "a dry run of an apply shows the object, and makes none" trial
kept_or_not() {
  settings '"a":"1","b":"2"' | apply >/dev/null && kube patch configmap check --type=merge -p '{"data":{"other":"x"}}' >/dev/null || return 1
  is "$(settings '"a":"1"' | apply)" 'configmap/check serverside-applied' || return 1
  is "$(field configmap check .data.b)" '' && is "$(field configmap check .data.other)" x
}
check n "an apply takes away what the one before had, and leaves what others set" kept_or_not
same() { local before; before=$(field configmap check .metadata.resourceVersion); settings '"a":"1"' | apply >/dev/null && is "$(field configmap check .metadata.resourceVersion)" "$before"; }
check n "the same again changes nothing" same

volume() { printf '{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"%s"},"spec":{"storageClassName":"","capacity":{"storage":"1024Mi"},"accessModes":["ReadWriteMany"],"nfs":{"server":"198.18.0.9","path":"/x"},"claimRef":{"namespace":"default","name":"%s"}}}' "$1" "$1"; }
claim() { printf '{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"%s","namespace":"default"},"spec":{%s"volumeName":"%s","accessModes":["ReadWriteMany"],"resources":{"requests":{"storage":"1Gi"}}}}' "$1" "$2" "$3"; }
both() { volume "$1" | apply >/dev/null && claim "$1" "$2" "$1" | apply >/dev/null; }
quantity() { volume check-classless | apply >/dev/null && is "$(field pv check-classless .spec.capacity.storage)" 1Gi; }
check n "quantities are written in their shortest form" quantity
claim_phase() { field pvc "$1" .status.phase; }
is_bound() { is "$(claim_phase check-classless)" Bound; }
bound() { both check-classless '"storageClassName":"",' && until_true "$(seconds 5)" is_bound; }
check n "a claim with the empty class is Bound to its volume" bound
pending() {
  both check-wordless '' || return 1
  is "$(field pvc check-wordless .spec.storageClassName)" local-path || return 1
  sleep "$(seconds 3)"
  is "$(claim_phase check-wordless)" Pending
}
check n "a claim without a word of its class gets the default one, and stays Pending" pending
immutable() { local said code=0; said=$(claim check-classless '"storageClassName":"",' other | try 2>&1) || code=$?; is "$code" 1 && has "$said" 'spec: Forbidden: spec is immutable after creation'; }
check n "the volume of a claim is immutable, which a dry run says" immutable
homeless() { local said code=0; said=$(settings '' | try --namespace=no-such-namespace 2>&1) || code=$?; is "$code" 1 && has "$said" 'namespaces "no-such-namespace" not found'; }
check n "in a namespace that is not there nothing can be made" homeless
unknown() {
  local said code=0
  said=$(echo '{"apiVersion":"no.such/v1","kind":"Thing","metadata":{"name":"x"}}' | try 2>&1) || code=$?
  is "$code" 1 && has "$said" 'no matches for kind "Thing" in version "no.such/v1"' || return 1
  code=0 said=$(kube get Thing.v1.no.such x 2>&1) || code=$?
  is "$code" 1 && has "$said" "the server doesn't have a resource type"
}
check n "a kind that is not there is said to be none" unknown
by_group() { is "$(kube get PersistentVolume check-classless -o name)" persistentvolume/check-classless && is "$(kube get StorageClass.v1.storage.k8s.io local-path -o name)" storageclass.storage.k8s.io/local-path; }
check n "a kind is found by its version and group" by_group
forget_objects

operator() {
  echo '{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"prometheuses.monitoring.coreos.com"},"spec":{"group":"monitoring.coreos.com","scope":"Namespaced","names":{"plural":"prometheuses","singular":"prometheus","kind":"Prometheus"},"versions":[{"name":"v1","served":true,"storage":true}]}}' | apply >/dev/null
  echo '{"apiVersion":"monitoring.coreos.com/v1","kind":"Prometheus","metadata":{"name":"check","namespace":"default"},"spec":{"replicas":1}}' | apply >/dev/null
  until_true 5 is_replicas 1 && kube scale statefulset prometheus-check --replicas=0 >/dev/null && until_true 5 is_replicas 1 || return 1
  kube patch Prometheus.v1.monitoring.coreos.com check --type=merge -p '{"spec":{"replicas":0}}' >/dev/null && until_true 5 is_replicas 0
}
is_replicas() { is "$(field statefulset prometheus-check .spec.replicas)" "$1"; }
if [[ $real ]]; then skip n "the operator of Prometheus sets its StatefulSet back: it is none of k3s"
else check n "the operator of Prometheus sets its StatefulSet back, and follows its resource" operator; fi
kube delete prometheus check --ignore-not-found >/dev/null 2>&1 || true
