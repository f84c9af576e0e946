/**
 * English plurals as the original's naming has them (the `flect` rules): existing CRDs carry these names, odd ones
 * included (`podinfoes`, `octupuses`), so they are a contract and not a matter of taste.
 */

/** A singular and its plural. */
export type Inflection = readonly [singular: string, plural: string];

const pairs = (text: string): Inflection[] =>
  text.trim().split(/\s+/).map((entry) => {
    const [singular = "", plural = singular] = entry.split(":");
    return [singular, plural];
  });

/** Words whose ending also inflects compounds (`webmouse` → `webmice`); the later entry wins over the earlier. */
export const COMPOUNDING: readonly Inflection[] = pairs(`
  aircraft beef bison blues chassis deer fish moose police salmon series sheep shrimp species swine trout tuna you
  child:children foot:feet goose:geese man:men human:humans mouse:mice tooth:teeth woman:women person:people
  adieu:adieux fabliau:fabliaux bureau:bureaus
  criterion:criteria ganglion:ganglia lexicon:lexica mitochondrion:mitochondria noumenon:noumena
  phenomenon:phenomena taxon:taxa
  media medium:media stadium:stadiums aquarium:aquaria auditorium:auditoria symposium:symposia
  curriculum:curriculums quota:quotas
  alumnus:alumni bacillus:bacilli cactus:cacti coccus:cocci focus:foci locus:loci nucleus:nuclei octopus:octupuses
  radius:radii syllabus:syllabi corpus:corpora genus:genera
  alumna:alumnae vertebra:vertebrae differentia:differentiae minutia:minutiae vita:vitae larva:larvae
  postcava:postcavae praecava:praecavae uva:uvae
  apex:apices codex:codices index:indices latex:latices vertex:vertices vortex:vortices
  appendix:appendices radix:radices helix:helices
  crisis:crises ellipsis:ellipses genesis:geneses oasis:oases thesis:theses testis:testes base:bases basis:bases
  vedalia:vedalias
  abuse:abuses cause:causes clause:clauses cruse:cruses excuse:excuses fuse:fuses house:houses misuse:misuses
  muse:muses pause:pauses ache:aches topaz:topazes buffalo:buffaloes potato:potatoes tomato:tomatoes
  equipment information jeans money news rice
  dwarf:dwarfs hoof:hoofs thief:thieves chive:chives hive:hives move:moves movie:movies cookie:cookies
  pretorium:pretoriums agenda:agendas formula:formulas shoe:shoes graffiti
`);

/** Words that inflect only as a whole. */
export const WHOLE_WORDS: readonly Inflection[] = pairs(`
  ox:oxen louse:lice die:dice axis:axes alias:aliases use:uses toe:toes ID:IDs
`);

/** Plurals that lead to no singular of their own, so that a word that looks like one is still inflected. */
export const ONE_WAY: ReadonlySet<string> = new Set(["blues", "medium", "ellipsis", "basis"]);

/** Second plurals: a word that is one already stays as it is. */
export const ALTERNATIVES: readonly string[] = `
  beefs fishes salmons shrimps swines trouts tunas adieus bureaux ganglions lexicons mitochondrions stadia aquariums
  auditoriums symposiums curricula alumnuses cactuses focuses locuses nucleuses octopi radiuses corpuses apexes
  codexes indexes latexes vertexes vortexes appendixes radixes helixes buffalos dwarves hooves formulae
`.trim().split(/\s+/);

/** Endings, the first match wins; case counts. */
export const ENDINGS: readonly Inflection[] = pairs(`
  tive:tives eaf:eaves oaf:oaves afe:aves arf:arves rfe:rves rf:rves lf:lves fe:ves
  ay:ays ey:eys oy:oys quy:quies uy:uys y:ies eau:eaux
  bula:bulae dula:bulae lula:bulae nula:bulae vula:bulae hedron:hedra
  ium:ia seum:seums eum:ea oum:oa stracum:straca dum:da elum:ela ilum:ila olum:ola ulum:ula llum:lla ylum:yla
  imum:ima ernum:erna gnum:gna brum:bra crum:cra terum:tera serum:sera trum:tra antum:anta atum:ata entum:enta
  etum:eta itum:ita otum:ota utum:uta ctum:cta ovum:ova trix:trices
  iasis:iases mesis:meses kinesis:kineses resis:reses gnosis:gnoses opsis:opses ysis:yses
  ouse:ouses lause:lauses us:uses ch:ches io:ios sh:shes ss:sses ez:ezzes iz:izzes tz:tzes zz:zzes
  ano:anos lo:los to:tos oo:oos o:oes x:xes S:Ses
`);

/** Acronyms: a word that is one is written in capitals and is a part of its own. */
export const ACRONYMS: ReadonlySet<string> = new Set(
  `OK UTF8 HTML JSON JWT ID UUID SQL ACK ACL ADSL AES ANSI API ARP ATM BGP BSS CCITT CHAP CIDR CIR CLI CPE CPU CRC CRT
   CSMA CMOS DCE DEC DES DHCP DNS DRAM DSL DSLAM DTE DMI EHA EIA EIGRP EOF ESS FCC FCS FDDI FTP GBIC GEPOF HDLC HTTP
   HTTPS IANA ICMP IDF IDS IEEE IETF IMAP IP IPS ISDN ISP LACP LAN LAPB LAPF LLC MAC MC MDF MIB MPLS MTU NAC NAT NBMA
   NIC NRZ NRZI NVRAM OSI OSPF OUI PAP PAT PC PIM PCM PDU POP3 POTS PPP PPTP PTT PVST RAM RARP RFC RIP RLL ROM RSTP RTP
   RCP SDLC SFD SFP SLARP SLIP SMTP SNA SNAP SNMP SOF SRAM SSH SSID STP SYN TDM TFTP TIA TOFU UDP URL URI USB UTP VC
   VLAN VLSM VPN W3C WAN WEP WPA WWW`.split(/\s+/),
);
