/** Functions whose answers differ from run to run, seen through what is certain about them. */

const CERTIFICATE_BEGIN = "-----BEGIN CERTIFICATE-----";
const shapeOf = (call: string) => `regexReplaceAll "[^-\\\\s]" (${call}) "x" | trunc 27`;

/** Expressions that print the same each time. */
export const SHAPED: readonly string[] = [
  "randAlpha 7 | len",
  'randAlphaNum 5 | regexMatch "^[0-9A-Za-z]{5}$"',
  "randNumeric 0 | quote",
  "randAscii 9 | len",
  "randAlpha -1",
  "randBytes 6 | b64dec | len",
  "randBytes -1",
  "randInt 4 5",
  "randInt 5 4",
  'uuidv4 | regexMatch "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"',
  'shuffle "aaa"',
  'shuffle "" | quote',
  "typeOf now",
  "kindOf now",
  'now | date "2006" | len',
  'ago (now | dateModify "-90m") | trunc 5',
  'ago "x" | len',
  'htpasswd "u" "p" | trunc 6',
  'htpasswd "a:b" "p"',
  'bcrypt "x" | trunc 7',
  'encryptAES "key" "text" | decryptAES "key"',
  'encryptAES "" "text" | decryptAES ""',
  'decryptAES "key" "text"',
  'decryptAES "key" "aGVsbG8="',
  'derivePassword 1 "long" "password" "user" "example.com"',
  'derivePassword 2 "maximum" "p" "u" "s"',
  'derivePassword 1 "pin" "p" "u" ""',
  'derivePassword 1 "nope" "p" "u" "s"',
  'genPrivateKey "ecdsa" | regexFind "-----BEGIN [A-Z ]+-----"',
  'genPrivateKey "ed25519" | regexFind "-----BEGIN [A-Z ]+-----"',
  'genPrivateKey "dsax"',
  '(genCAWithKey "ca" 1 (genPrivateKey "ecdsa")).Cert | regexFind "-----BEGIN [A-Z ]+-----"',
  '(genCAWithKey "ca" 1 (genPrivateKey "ed25519")).Key | regexFind "-----BEGIN [A-Z ]+-----"',
  'genCAWithKey "ca" 1 "no key"',
  'typeOf (genCAWithKey "ca" 1 (genPrivateKey "ecdsa"))',
  `(genSelfSignedCertWithKey "a" nil (list "b.c") 1 (genPrivateKey "ecdsa")).Cert | trunc ${CERTIFICATE_BEGIN.length}`,
  'genSelfSignedCertWithKey "a" (list "no ip") nil 1 (genPrivateKey "ecdsa")',
  'genSelfSignedCertWithKey "a" (list 1) nil 1 (genPrivateKey "ecdsa")',
  'genSelfSignedCertWithKey "a" nil (list 1) 1 (genPrivateKey "ecdsa")',
  '(genSignedCertWithKey "a" (list "10.0.0.1") nil 1 (genCAWithKey "c" 1 (genPrivateKey "ecdsa")) (genPrivateKey "ecdsa")).Key | trunc 20',
  'genSignedCert "a" nil nil 1 (buildCustomCert "eA==" "eA==")',
  'buildCustomCert "x" "y"',
  'buildCustomCert "eA==" "eA=="',
  'buildCustomCert "" ""',
];

/** The same, of RSA keys, which take their time: one now and then. */
export const SLOW: readonly string[] = [
  'genPrivateKey "" | trunc 27',
  shapeOf('(genCA "ca" 1).Cert'),
  shapeOf('(genSelfSignedCert "a" nil nil 1).Key'),
  shapeOf('(genSignedCert "a" nil nil 1 (genCA "c" 1)).Cert'),
];
