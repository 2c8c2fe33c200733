#!/usr/bin/perl
# Stand-in of the pitool lab for the HTTP API of Pi-hole 6: see README.md. One request a connection, on port 80.
use strict;
use warnings;
use IO::Socket::INET;

my $lists = '/etc/pihole/gravity.db';
my %sessions;
my $refused = 0;
my $number = 0;

sub slurp { open my $file, '<', $_[0] or return ''; local $/; my $text = <$file>; return $text }
sub note { open my $file, '>>', '/run/lab-pihole-api.log' or return; print $file "$_[0]\n" }
sub reply {
    my ($client, $code, $body, $type) = @_;
    $type ||= 'application/json';
    print $client "HTTP/1.1 $code X\r\nContent-Type: $type\r\nContent-Length: " . length($body)
      . "\r\nConnection: close\r\n\r\n$body";
}

my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 20, ReuseAddr => 1) or die "port 80: $!";
while (my $client = $server->accept) {
    my ($method, $path) = split ' ', (<$client> // '');
    my %head;
    while (defined(my $line = <$client>)) {
        $line =~ s/\r?\n//;
        last if $line eq '';
        my ($name, $value) = split /:\s*/, $line, 2;
        $head{lc $name} = $value;
    }
    my $body = '';
    read $client, $body, $head{'content-length'} || 0 if $method;
    answer($client, $method || '', $path || '', \%head, $body);
    close $client;
}

sub answer {
    my ($client, $method, $path, $head, $body) = @_;
    my $invalid = '{"session":{"valid":false,"sid":null,"validity":-1}}';
    note("$method $path");
    if ($path eq '/api/auth' && $method eq 'POST') {
        # Each session takes a seat; they are given back only by DELETE.
        return reply($client, 429, '{"error":{"key":"rate_limiting"}}') if $refused >= 3 || keys %sessions >= 16;
        my ($password) = $body =~ /"password"\s*:\s*"([^"]*)"/;
        if (!defined $password || $password ne slurp('/etc/pihole/lab-password')) {
            $refused++;
            return reply($client, 401, $invalid);
        }
        my $sid = 'sid' . ++$number . time;
        $sessions{$sid} = 1;
        return reply($client, 200, qq({"session":{"valid":true,"sid":"$sid","csrf":"c","validity":1800}}));
    }
    my $known = $sessions{ $head->{sid} || '' };
    return reply($client, 401, $invalid) unless $known;
    if ($path eq '/api/auth' && $method eq 'DELETE') { delete $sessions{ $head->{sid} }; return reply($client, 204, '') }
    if ($path eq '/api/teleporter' && $method eq 'GET') { return reply($client, 200, slurp($lists), 'application/zip') }
    if ($path eq '/api/teleporter' && $method eq 'POST') {
        my ($boundary) = ($head->{'content-type'} || '') =~ /boundary=(\S+)/;
        return reply($client, 400, '{"error":{"key":"bad_request"}}') unless $boundary;
        my ($file) = $body =~ /name="file".*?\r\n\r\n(.*?)\r\n--\Q$boundary\E/s;
        return reply($client, 400, '{"error":{"key":"bad_request"}}') unless defined $file;
        open my $out, '>', $lists or die;
        print $out $file;
        close $out;
        # An import restarts FTL, whether anything differs or not.
        note('FTL restarts');
        return reply($client, 200, '{"files":["etc/pihole/gravity.db"]}');
    }
    if ($path eq '/api/config') { return reply($client, 200, '{"config":{"dns":{}}}') }
    if ($path eq '/api/action/gravity' && $method eq 'POST') { return reply($client, 200, "done\n", 'text/plain') }
    return reply($client, 404, '{"error":{"key":"not_found"}}');
}
