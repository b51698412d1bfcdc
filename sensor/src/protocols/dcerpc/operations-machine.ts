// Operations of the interfaces that run a machine: services, tasks, registry, shares, printers, logs, DCOM, as their MS-documents number them.

export const machine: readonly string[] = [
  'e1af8308-5d1f-11c9-91a4-08002b14a0fa epmapper ept_insert ept_delete ept_lookup ept_map ept_lookup_handle_free ept_inq_object ept_mgmt_delete',
  `367abb81-9844-35f1-ad32-98f038001003 svcctl CloseServiceHandle ControlService DeleteService LockServiceDatabase
   QueryServiceObjectSecurity SetServiceObjectSecurity QueryServiceStatus SetServiceStatus UnlockServiceDatabase
   NotifyBootConfigStatus SCSetServiceBitsW ChangeServiceConfigW CreateServiceW EnumDependentServicesW
   EnumServicesStatusW OpenSCManagerW OpenServiceW QueryServiceConfigW QueryServiceLockStatusW StartServiceW
   GetServiceDisplayNameW GetServiceKeyNameW SCSetServiceBitsA ChangeServiceConfigA CreateServiceA
   EnumDependentServicesA EnumServicesStatusA OpenSCManagerA OpenServiceA QueryServiceConfigA
   QueryServiceLockStatusA StartServiceA GetServiceDisplayNameA GetServiceKeyNameA
   ScGetCurrentGroupStateW EnumServiceGroupW ChangeServiceConfig2A ChangeServiceConfig2W QueryServiceConfig2A
   QueryServiceConfig2W QueryServiceStatusEx EnumServicesStatusExA EnumServicesStatusExW ScSendTSMessage
   CreateServiceWOW64A CreateServiceWOW64W ScQueryServiceTagInfo NotifyServiceStatusChange GetNotifyResults
   CloseNotifyHandle ControlServiceExA ControlServiceExW ScSendPnPMessage ScValidatePnPService
   ScOpenServiceStatusHandle QueryServiceConfigEx CreateWowService`,
  '1ff70682-0a51-30e8-076d-740be8cee98b atsvc NetrJobAdd NetrJobDel NetrJobEnum NetrJobGetInfo',
  `86d35949-83c9-4044-b424-db363231fd0c ITaskSchedulerService SchRpcHighestVersion SchRpcRegisterTask
   SchRpcRetrieveTask SchRpcCreateFolder SchRpcSetSecurity SchRpcGetSecurity SchRpcEnumFolders SchRpcEnumTasks
   SchRpcEnumInstances SchRpcGetInstanceInfo SchRpcStopInstance SchRpcStop SchRpcRun SchRpcDelete SchRpcRename
   SchRpcScheduledRuntimes SchRpcGetLastRunInfo SchRpcGetTaskInfo SchRpcGetNumberOfMissedRuns SchRpcEnableTask`,
  '378e52b0-c0a9-11cf-822d-00aa0051e40f sasec SASetAccountInformation SASetNSAccountInformation SAGetNSAccountInformation SAGetAccountInformation',
  `338cd001-2244-31f1-aaaa-900038001003 winreg OpenClassesRoot OpenCurrentUser OpenLocalMachine OpenPerformanceData
   OpenUsers BaseRegCloseKey BaseRegCreateKey BaseRegDeleteKey BaseRegDeleteValue BaseRegEnumKey BaseRegEnumValue
   BaseRegFlushKey BaseRegGetKeySecurity BaseRegLoadKey BaseRegNotifyChangeKeyValue BaseRegOpenKey BaseRegQueryInfoKey
   BaseRegQueryValue BaseRegReplaceKey BaseRegRestoreKey BaseRegSaveKey BaseRegSetKeySecurity BaseRegSetValue
   BaseRegUnLoadKey BaseInitiateSystemShutdown BaseAbortSystemShutdown BaseRegGetVersion OpenCurrentConfig
   OpenDynData BaseRegQueryMultipleValues BaseInitiateSystemShutdownEx BaseRegSaveKeyEx OpenPerformanceText
   OpenPerformanceNlsText BaseRegQueryMultipleValues2 BaseRegDeleteKeyEx`,
  `4b324fc8-1670-01d3-1278-5a47bf6ee188 srvsvc NetrCharDevEnum NetrCharDevGetInfo NetrCharDevControl NetrCharDevQEnum
   NetrCharDevQGetInfo NetrCharDevQSetInfo NetrCharDevQPurge NetrCharDevQPurgeSelf NetrConnectionEnum NetrFileEnum
   NetrFileGetInfo NetrFileClose NetrSessionEnum NetrSessionDel NetrShareAdd NetrShareEnum NetrShareGetInfo
   NetrShareSetInfo NetrShareDel NetrShareDelSticky NetrShareCheck NetrServerGetInfo NetrServerSetInfo
   NetrServerDiskEnum NetrServerStatisticsGet NetrServerTransportAdd NetrServerTransportEnum
   NetrServerTransportDel NetrRemoteTOD NetrServerSetServiceBits NetprPathType NetprPathCanonicalize NetprPathCompare
   NetprNameValidate NetprNameCanonicalize NetprNameCompare NetrShareEnumSticky NetrShareDelStart NetrShareDelCommit
   NetrpGetFileSecurity NetrpSetFileSecurity NetrServerTransportAddEx NetrServerSetServiceBitsEx NetrDfsGetVersion
   NetrDfsCreateLocalPartition NetrDfsDeleteLocalPartition NetrDfsSetLocalVolumeState
   NetrDfsSetServerInfo NetrDfsCreateExitPoint NetrDfsDeleteExitPoint NetrDfsModifyPrefix NetrDfsFixLocalVolume
   NetrDfsManagerReportSiteInfo NetrServerTransportDelEx NetrServerAliasAdd NetrServerAliasEnum NetrServerAliasDel
   NetrShareDelEx`,
  `6bffd098-a112-3610-9833-46c3f87e345a wkssvc NetrWkstaGetInfo NetrWkstaSetInfo NetrWkstaUserEnum
   NetrWkstaUserGetInfo NetrWkstaUserSetInfo NetrWkstaTransportEnum NetrWkstaTransportAdd NetrWkstaTransportDel
   NetrUseAdd NetrUseGetInfo NetrUseDel NetrUseEnum NetrMessageBufferSend NetrWorkstationStatisticsGet
   NetrLogonDomainNameAdd NetrLogonDomainNameDel NetrJoinDomain NetrUnjoinDomain NetrRenameMachineInDomain
   NetrValidateName NetrGetJoinInformation NetrGetJoinableOUs NetrJoinDomain2 NetrUnjoinDomain2
   NetrRenameMachineInDomain2 NetrValidateName2 NetrGetJoinableOUs2 NetrAddAlternateComputerName
   NetrRemoveAlternateComputerName NetrSetPrimaryComputerName NetrEnumerateComputerNames`,
  `12345678-1234-abcd-ef00-0123456789ab spoolss RpcEnumPrinters RpcOpenPrinter RpcSetJob RpcGetJob RpcEnumJobs
   RpcAddPrinter RpcDeletePrinter RpcSetPrinter RpcGetPrinter RpcAddPrinterDriver RpcEnumPrinterDrivers
   RpcGetPrinterDriver RpcGetPrinterDriverDirectory RpcDeletePrinterDriver RpcAddPrintProcessor RpcEnumPrintProcessors
   RpcGetPrintProcessorDirectory RpcStartDocPrinter RpcStartPagePrinter RpcWritePrinter RpcEndPagePrinter
   RpcAbortPrinter RpcReadPrinter RpcEndDocPrinter RpcAddJob RpcScheduleJob RpcGetPrinterData RpcSetPrinterData
   RpcWaitForPrinterChange RpcClosePrinter RpcAddForm RpcDeleteForm RpcGetForm RpcSetForm RpcEnumForms RpcEnumPorts
   RpcEnumMonitors RpcAddPort RpcConfigurePort RpcDeletePort RpcCreatePrinterIC RpcPlayGdiScriptOnPrinterIC
   RpcDeletePrinterIC RpcAddPrinterConnection RpcDeletePrinterConnection RpcPrinterMessageBox RpcAddMonitor
   RpcDeleteMonitor RpcDeletePrintProcessor RpcAddPrintProvidor RpcDeletePrintProvidor RpcEnumPrintProcessorDatatypes
   RpcResetPrinter RpcGetPrinterDriver2 RpcClientFindFirstPrinterChangeNotification RpcFindNextPrinterChangeNotification
   RpcFindClosePrinterChangeNotification RpcRouterFindFirstPrinterChangeNotificationOld RpcReplyOpenPrinter
   RpcRouterReplyPrinter RpcReplyClosePrinter RpcAddPortEx RpcRemoteFindFirstPrinterChangeNotification RpcSpoolerInit
   RpcResetPrinterEx RpcRemoteFindFirstPrinterChangeNotificationEx RpcRouterReplyPrinterEx
   RpcRouterRefreshPrinterChangeNotification RpcSetAllocFailCount RpcOpenPrinterEx RpcAddPrinterEx RpcSetPort
   RpcEnumPrinterData RpcDeletePrinterData RpcClusterSplOpen RpcClusterSplClose RpcClusterSplIsAlive
   RpcSetPrinterDataEx RpcGetPrinterDataEx RpcEnumPrinterDataEx RpcEnumPrinterKey RpcDeletePrinterDataEx
   RpcDeletePrinterKey RpcSeekPrinter RpcDeletePrinterDriverEx RpcAddPerMachineConnection
   RpcDeletePerMachineConnection RpcEnumPerMachineConnections RpcXcvData RpcAddPrinterDriverEx`,
  `76f03f96-cdfd-44fc-a22c-64950a001209 IRemoteWinspool RpcAsyncOpenPrinter RpcAsyncAddPrinter RpcAsyncSetJob
   RpcAsyncGetJob RpcAsyncEnumJobs RpcAsyncAddJob RpcAsyncScheduleJob RpcAsyncDeletePrinter RpcAsyncSetPrinter
   RpcAsyncGetPrinter RpcAsyncStartDocPrinter RpcAsyncStartPagePrinter RpcAsyncWritePrinter RpcAsyncEndPagePrinter
   RpcAsyncEndDocPrinter RpcAsyncAbortPrinter RpcAsyncGetPrinterData RpcAsyncGetPrinterDataEx
   RpcAsyncSetPrinterData RpcAsyncSetPrinterDataEx RpcAsyncClosePrinter RpcAsyncAddForm RpcAsyncDeleteForm
   RpcAsyncGetForm RpcAsyncSetForm RpcAsyncEnumForms RpcAsyncGetPrinterDriver RpcAsyncEnumPrinterData
   RpcAsyncEnumPrinterDataEx RpcAsyncEnumPrinterKey RpcAsyncDeletePrinterData RpcAsyncDeletePrinterDataEx
   RpcAsyncDeletePrinterKey RpcAsyncXcvData RpcAsyncSendRecvBidiData RpcAsyncCreatePrinterIC
   RpcAsyncPlayGdiScriptOnPrinterIC RpcAsyncDeletePrinterIC RpcAsyncEnumPrinters RpcAsyncAddPrinterDriver`,
  `82273fdc-e32a-18c3-3f78-827929dc23ea eventlog ElfrClearELFW ElfrBackupELFW ElfrCloseEL ElfrDeregisterEventSource
   ElfrNumberOfRecords ElfrOldestRecord ElfrChangeNotify ElfrOpenELW ElfrRegisterEventSourceW ElfrOpenBELW ElfrReadELW
   ElfrReportEventW ElfrClearELFA ElfrBackupELFA ElfrOpenELA ElfrRegisterEventSourceA ElfrOpenBELA ElfrReadELA
   ElfrReportEventA ElfrRegisterClusterSvc ElfrDeregisterClusterSvc ElfrWriteClusterEvents ElfrGetLogInformation
   ElfrFlushEL ElfrReportEventAndSourceW`,
  `f6beaff7-1e19-4fbb-9f8f-b89e2018337c IEventService EvtRpcRegisterRemoteSubscription EvtRpcRemoteSubscriptionNextAsync
   EvtRpcRemoteSubscriptionNext EvtRpcRemoteSubscriptionWaitAsync EvtRpcRegisterControllableOperation
   EvtRpcRegisterLogQuery EvtRpcClearLog EvtRpcExportLog EvtRpcLocalizeExportLog EvtRpcMessageRender
   EvtRpcMessageRenderDefault EvtRpcQueryNext EvtRpcQuerySeek EvtRpcClose EvtRpcCancel EvtRpcAssertConfig
   EvtRpcRetractConfig EvtRpcOpenLogHandle EvtRpcGetLogFileInfo EvtRpcGetChannelList EvtRpcGetChannelConfig`,
  `4fc742e0-4a10-11cf-8273-00aa004ae673 netdfs NetrDfsManagerGetVersion NetrDfsAdd NetrDfsRemove NetrDfsSetInfo
   NetrDfsGetInfo NetrDfsEnum NetrDfsMove NetrDfsManagerGetConfigInfo NetrDfsManagerSendSiteInfo NetrDfsAddFtRoot
   NetrDfsRemoveFtRoot NetrDfsAddStdRoot NetrDfsRemoveStdRoot NetrDfsManagerInitialize NetrDfsAddStdRootForced
   NetrDfsGetDcAddress NetrDfsSetDcAddress NetrDfsFlushFtTable NetrDfsAdd2 NetrDfsRemove2 NetrDfsEnumEx
   NetrDfsSetInfo2 NetrDfsAddRootTarget NetrDfsRemoveRootTarget`,
  `a8e0653c-2744-4389-a61d-7373df8b2292 FileServerVssAgent GetSupportedVersion SetContext StartShadowCopySet
   AddToShadowCopySet CommitShadowCopySet ExposeShadowCopySet RecoveryCompleteShadowCopySet
   AbortShadowCopySet IsPathSupported IsPathShadowCopied GetShareMapping DeleteShareMapping PrepareShadowCopySet`,
  '894de0c0-0d55-11d3-a322-00c04fa321a1 InitShutdown BaseInitiateShutdown BaseAbortShutdown BaseInitiateShutdownEx',
  'd95afe70-a6d5-4259-822e-2c84da1ddb0d WindowsShutdown WsdrInitiateShutdown WsdrAbortShutdown',
  '99fcfec4-5260-101b-bbcb-00aa0021347a IObjectExporter ResolveOxid SimplePing ComplexPing ServerAlive ResolveOxid2 ServerAlive2',
  '000001a0-0000-0000-c000-000000000046 ISystemActivator - - - RemoteGetClassObject RemoteCreateInstance',
  '4d9f4ab8-7d1c-11cf-861e-0020af6e7c57 IActivation RemoteActivation',
  '00000131-0000-0000-c000-000000000046 IRemUnknown - - - RemQueryInterface RemAddRef RemRelease',
  '00000143-0000-0000-c000-000000000046 IRemUnknown2 - - - RemQueryInterface RemAddRef RemRelease RemQueryInterface2',
  '00000134-0000-0000-c000-000000000046 IDispatch - - - GetTypeInfoCount GetTypeInfo GetIDsOfNames Invoke',
  '00020400-0000-0000-c000-000000000046 IDispatch - - - GetTypeInfoCount GetTypeInfo GetIDsOfNames Invoke',
  `f309ad18-d86a-11d0-a075-00c04fb68820 IWbemLevel1Login - - - EstablishPosition RequestChallenge WBEMLogin NTLMLogin`,
  'd4781cd6-e5d3-44df-ad94-930efe48a887 IWbemLoginClientID - - - SetClientInfo',
  `9556dc99-828c-11cf-a37e-00aa003240c7 IWbemServices - - - OpenNamespace CancelAsyncCall QueryObjectSink GetObject
   GetObjectAsync PutClass PutClassAsync DeleteClass DeleteClassAsync CreateClassEnum CreateClassEnumAsync
   PutInstance PutInstanceAsync DeleteInstance DeleteInstanceAsync CreateInstanceEnum CreateInstanceEnumAsync
   ExecQuery ExecQueryAsync ExecNotificationQuery ExecNotificationQueryAsync ExecMethod ExecMethodAsync`,
  '027947e1-d731-11ce-a357-000000000001 IEnumWbemClassObject - - - Reset Next NextAsync Clone Skip',
  '1c1c45ee-4395-11d2-b60b-00104b703efd IWbemFetchSmartEnum - - - GetSmartEnum',
  '423ec01e-2e35-11d2-b604-00104b703efd IWbemWCOSmartEnum - - - Next',
  'afa8bd80-7d8a-11c9-bef4-08002b102989 mgmt inq_if_ids inq_stats is_server_listening stop_server_listening inq_princ_name',
  `50abc2a4-574d-40b3-9d66-ee4fd5fba076 dnsserver DnssrvOperation DnssrvQuery DnssrvComplexOperation DnssrvEnumRecords
   DnssrvUpdateRecord DnssrvOperation2 DnssrvQuery2 DnssrvComplexOperation2 DnssrvEnumRecords2 DnssrvUpdateRecord2`,
  '6bffd098-a112-3610-9833-012892020162 browser BrowserrServerEnum BrowserrDebugCall BrowserrQueryOtherDomains BrowserrResetNetlogonState BrowserrDebugTrace BrowserrQueryStatistics BrowserResetStatistics NetrBrowserStatisticsClear',
  '17fdd703-1827-4e34-79d4-24a55c53bb37 msgsvc NetrMessageNameAdd NetrMessageNameEnum NetrMessageNameGetInfo NetrMessageNameDel',
  '5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc msgsvcsend NetrSendMessage',
  '8d9f4e40-a03d-11ce-8f69-08003e30051b ntsvcs',
  '300f3532-38cc-11d0-a3f0-0020af6b0add trkwks LnkSvrMessage - - - - - - - - - - - LnkSearchMachine',
  '2f5f6520-ca46-1067-b319-00dd010662da tapsrv ClientAttach ClientRequest ClientDetach',
  '484809d6-4239-471b-b5bc-61df8c23ac48 LSM',
  '5ca4a760-ebb1-11cf-8611-00a0245420ed winstation',
  '201ef99a-7fa0-444c-9399-19ba84f12a1a appinfo RAiLaunchAdminProcess',
  '8fb6d884-2388-11d0-8c35-00c04fda2795 w32time W32TimeSync W32TimeGetNetlogonServiceBits W32TimeQueryProviderStatus',
  '906b0ce0-c70b-1067-b317-00dd010662da IXnRemote Poke BuildContext NegotiateResources SendReceive TearDownContext BeginTearDown PokeW BuildContextW',
];
