/** What NetworkManager writes of name servers and searched domains. */
export const resolverFiles: readonly string[] = ['/etc/resolv.conf', '/run/NetworkManager']
