export const k3sPath = '/usr/local/bin/k3s'
export const agentUnitName = 'k3s-agent.service'
export const agentUnitPath = `/etc/systemd/system/${agentUnitName}`
export const agentEnvPath = `${agentUnitPath}.env`
/** Written by k3s' own installer only. */
export const agentUninstallPath = '/usr/local/bin/k3s-agent-uninstall.sh'
export const agentConfigPath = '/etc/rancher/k3s/config.yaml'
/** There while files were written that the running agent has not read yet. */
export const agentRestartMark = '/run/pitool/restart-required.k3s-agent'
