import type { DovecotPorts } from './dovecot.ts';

export interface DovecotConfig {
  /** A directory that the server may fill: sockets, state, mail. */
  directory: string;
  ports: DovecotPorts;
  /** False: neither implicit TLS nor STARTTLS is offered. */
  tls: boolean;
  /** Who owns the mail and, where we are not root, runs everything. */
  mailUser: { uid: number; gid: number };
  /** The unprivileged users of Dovecot's own processes: its packaged ones for root, else ourselves. */
  internalUser: string;
  internalGroup: string;
  loginUser: string;
  /** Replaces what the server says it can do, before and after the login; undefined: the truth. */
  capability: string | undefined;
  /** Further lines, last, so that they win. */
  extra: string;
}

/** Listens for nothing but 127.0.0.1, and only where a port was given. */
export function dovecotConfig(config: DovecotConfig): string {
  const { directory, ports, tls, mailUser } = config;
  return `
protocols = imap pop3
listen = 127.0.0.1
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = /dev/stderr
default_internal_user = ${config.internalUser}
default_internal_group = ${config.internalGroup}
default_login_user = ${config.loginUser}
shutdown_clients = yes

ssl = ${tls ? 'yes' : 'no'}
${tls ? `ssl_cert = <${directory}/certificate.pem\nssl_key = <${directory}/key.pem\nssl_min_protocol = TLSv1.2` : ''}
# Loopback counts as safe anyway; said so that plain tests do not depend on that.
disable_plaintext_auth = no
auth_mechanisms = plain login
# Each failure would make the next one slower; a test of a wrong password has no time for it.
auth_failure_delay = 0

mail_location = maildir:${directory}/mail/%u:UTF-8
mail_uid = ${mailUser.uid}
mail_gid = ${mailUser.gid}
first_valid_uid = ${Math.min(mailUser.uid, 500)}
first_valid_gid = ${Math.min(mailUser.gid, 1)}
# Many tests' connections come from the one address.
mail_max_userip_connections = 1000
${config.capability === undefined ? '' : `imap_capability = ${config.capability}`}

passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${directory}/users
}
userdb {
  driver = static
  args = uid=${mailUser.uid} gid=${mailUser.gid} home=${directory}/mail/%u allow_all_users=yes
}

namespace inbox {
  inbox = yes
  separator = /
  mailbox Drafts {
    special_use = \\Drafts
    auto = subscribe
  }
  mailbox Sent {
    special_use = \\Sent
    auto = subscribe
  }
  mailbox Trash {
    special_use = \\Trash
    auto = subscribe
  }
  mailbox Junk {
    special_use = \\Junk
    auto = subscribe
  }
  mailbox Archive {
    special_use = \\Archive
    auto = subscribe
  }
}

${service('imap-login', 'imap', ports.imap, ports.imaps, tls)}
${service('pop3-login', 'pop3', ports.pop3, ports.pop3s, tls)}
service anvil {
  chroot =
  # After a refused login the penalty would hold up the next ones from 127.0.0.1, which are other tests'.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
${config.extra}
`;
}

function service(name: string, protocol: string, plain: number, implicit: number, tls: boolean): string {
  return `service ${name} {
  chroot =
  # One process for all: it is there at once, and tests count in hundreds of connections at most.
  service_count = 0
  client_limit = 1000
  process_min_avail = 1
  inet_listener ${protocol} {
    port = ${plain}
  }
  inet_listener ${protocol}s {
    port = ${tls ? implicit : 0}
    ssl = yes
  }
}`;
}
