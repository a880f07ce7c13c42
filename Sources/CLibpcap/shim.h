// libpcap, which reads and writes capture files.
#include <pcap/pcap.h>
