# Sourced by provision.sh: makes sure that a Slurm cluster of this one machine answers, and that
# Charliecloud's ch-run is there for its jobs.

slurm_folder=/var/lib/hecktor-slurm

ensure_slurm() {
  command -v ch-run >/dev/null || install_packages charliecloud-runtime
  if ! scontrol ping >/dev/null 2>&1; then
    command -v sbatch >/dev/null && command -v slurmctld >/dev/null && command -v slurmd >/dev/null ||
      install_packages slurmctld slurmd slurm-client munge
    [ "$(id -u)" -eq 0 ] || fail 'slurm: not running, and starting it takes root'
    start_munge
    configure_slurm
    slurmctld
    slurmd
  fi
  for _ in $(seq 60); do
    if sinfo --noheader --format=%T 2>/dev/null | grep -qE '^(idle|mixed|allocated)'; then
      say "slurm: $(sinfo --version) runs, $(sinfo --noheader --format='%D node, %c CPUs, %m MB')"
      return
    fi
    sleep 0.5
  done
  tail -n 10 "$slurm_folder"/*.log >&2
  fail "slurm: the node does not become idle; its logs are in $slurm_folder"
}

# Authenticates every message between Slurm's programs; without systemd nobody makes its folder.
start_munge() {
  munge --no-input >/dev/null 2>&1 && return
  install -d -o munge -g munge -m 0755 /run/munge
  [ -e /etc/munge/munge.key ] || runuser -u munge -- mungekey
  runuser -u munge -- munged
}

# Virtual machines and containers without systemd delegate no control groups, so processes are
# tracked by their parents and limits of memory are counted, not enforced.
configure_slurm() {
  local settings=/etc/slurm/slurm.conf host
  [ ! -e "$settings" ] || {
    say "slurm: $settings is there already and is taken as it is"
    return
  }
  host=$(hostname -s)
  mkdir -p "$slurm_folder/state" "$slurm_folder/spool" "$(dirname "$settings")"
  echo 'CgroupAutomount=no' >/etc/slurm/cgroup.conf
  cat >"$settings" <<END
# Written by tools/container/provision.
ClusterName=hecktor
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
StateSaveLocation=$slurm_folder/state
SlurmdSpoolDir=$slurm_folder/spool
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmctldLogFile=$slurm_folder/slurmctld.log
SlurmdLogFile=$slurm_folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=batch_sched_delay=1
ReturnToService=2
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
}
