/** Files that do something when they are opened. */

/** Programs, scripts, installers, disk images, documents with macros, shortcuts, pages: by their extension. */
const RISKY = new Set(
  (
    'ade adp apk app appimage appref-ms application appx asp bas bat bin bz cab chm class cmd com command cpl crx csh deb ' +
    'desktop dll dmg docm dotm dylib exe fxp gadget hta htm html img inf ins iso isp jar jnlp js jse ksh lnk mad maf mdb ' +
    'mht mhtml msc msi msix msp mst ocx one osd pif pkg pl potm ppam ppsm pptm prf ps1 psd1 psm1 py pyw reg rpm run scf ' +
    'scpt scr sct search-ms settingcontent-ms sh shb shs sldm slk snap svg svgz swf sys terminal tool url vb vbe vbs vhd ' +
    'vhdx vsmacros webloc website ws wsc wsf wsh xbap xht xhtml xlam xll xlm xlsb xlsm xltm xpi xps xsl xslt zsh'
  ).split(' '),
);

const RISKY_TYPE =
  /^(?:text\/(?:html|javascript)|image\/svg|application\/(?:xhtml|javascript|x-ms-?(?:dos|download|i)|x-(?:sh|csh|executable|elf|bat)|java-archive|hta|vnd\.microsoft\.portable))/;

/** True when a user should be warned before opening it. */
export function isRiskyFile(fileName: string, type: string): boolean {
  const extension = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
  return RISKY.has(extension) || RISKY_TYPE.test(type);
}
